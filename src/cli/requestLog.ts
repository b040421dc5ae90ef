import type { Emulator, EmulatorRequest } from '../emulator/index.ts';
import { toPrintable } from './toPrintable.ts';

const LONGEST_LINE = 300;

/** Writes a line about each request that an emulator answers; returns a function that ends it. */
export function logRequests(emulator: Emulator, write: (line: string) => void): () => void {
  let newest = emulator.requests.at(-1)?.id ?? 0;
  return emulator.subscribe(() => {
    for (const request of emulator.requests) {
      if (request.id > newest) write(describeRequest(request));
    }
    newest = emulator.requests.at(-1)?.id ?? newest;
  });
}

/** A request in a line: when, what, for what, and how it ended. */
function describeRequest(request: EmulatorRequest): string {
  const { at, operation, configuration, token, nextToken, status, fault } = request;
  const session = (token ?? nextToken)?.split('.')[0];
  const parts = [
    new Date(at).toTimeString().slice(0, 8),
    status === 0 ? '---' : status,
    OPERATIONS[operation ?? 'unknown'],
    configuration,
    session && `session ${session}`,
    describeOutcome(request),
    fault && `fault: ${fault}`,
  ];
  return toPrintable(parts.filter(Boolean).join('  '), LONGEST_LINE);
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
