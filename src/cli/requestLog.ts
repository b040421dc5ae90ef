import type { Emulator, EmulatorRequest } from '../emulator/index.ts';
import { createNewEntries } from './newEntries.ts';
import { timeOfDay } from './timeOfDay.ts';
import { toPrintable } from './toPrintable.ts';

const MAX_LINE_LENGTH = 300;

/** Writes a line about each request that an emulator answers; returns a function that ends it. */
export function logRequests(emulator: Emulator, write: (line: string) => void): () => void {
  // In the order of the answers, which is not that of the requests.
  const takeNew = createNewEntries(() => emulator.requests);
  return emulator.subscribe(() => {
    for (const request of takeNew()) write(describeRequest(request));
  });
}

/** A request in a line: when, what, for what, and how it ended. */
function describeRequest(request: EmulatorRequest): string {
  const { at, operation, configuration, token, nextToken, status, fault } = request;
  const session = (token ?? nextToken)?.split('.')[0];
  const parts = [
    timeOfDay(at),
    status === 0 ? '---' : status,
    OPERATIONS[operation ?? 'unknown'],
    configuration,
    session && `session ${session}`,
    describeOutcome(request),
    fault && `fault: ${fault}`,
  ];
  return toPrintable(parts.filter(Boolean).join('  '), MAX_LINE_LENGTH);
}

const OPERATIONS: Readonly<Record<string, string>> = {
  StartConfigurationSession: 'start',
  GetLatestConfiguration: 'poll ',
  GetConfiguration: 'agent',
  unknown: '?    ',
};

function describeOutcome({
  operation,
  status,
  error,
  message,
  version,
  contentBytes,
}: EmulatorRequest): string | undefined {
  if (error) return `${error}: ${message}`;
  if (status === 0) return 'connection reset';
  if (operation === 'StartConfigurationSession') return undefined;
  return contentBytes === 0 ? 'unchanged' : `version ${version}, ${contentBytes} bytes`;
}
