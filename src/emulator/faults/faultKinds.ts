import { injectedError, type WireAnswer } from '../api/index.ts';
import { Members } from '../deployments/index.ts';
import type { Fault } from './fault.ts';

const STATUSES = [403, 429, 500, 503] as const;
const MAX_DELAY_MS = 10 * 60_000;
const MAX_RETRY_AFTER_IN_SECONDS = 86_400;
/** What a header can carry: no control characters, which servers refuse to write. */
const WRITABLE = /^[\t\x20-\x7e\x80-\xff]*$/;
const GARBAGE = '{"this is": not what was deployed';

/** What a fault of a kind does to an answer. @throws ServiceError, or a TypeError for a connection that is reset. */
export type Strike = (
  answer: WireAnswer,
  schedule: (callback: () => void, delayMs: number) => unknown,
) => WireAnswer | Promise<WireAnswer>;

/** One kind of fault: all that has to be known of it. */
interface FaultKind {
  /** Its members, and what it does. @throws InvalidArgumentError for a member that it cannot have. */
  readonly read: (members: Members) => { readonly fault: Fault; readonly strike: Strike };
  /** The only operation that it can happen to. */
  readonly operation?: 'GetLatestConfiguration';
  /** What the command line and the control page offer, by its short name. */
  readonly presets: Readonly<Record<string, FaultPreset>>;
}

/** A fault that is ready to be chosen. */
export interface FaultPreset {
  /** In words, for a list to choose from. */
  readonly label: string;
  readonly fault: Fault;
}

/** Every kind of fault. A new one is a record here and a member of {@link Fault}. */
export const FAULT_KINDS: Readonly<Record<Fault['kind'], FaultKind>> = {
  error: {
    read(members) {
      const status = members.oneOf('status', STATUSES);
      const retryAfterInSeconds = members.optional('retryAfterInSeconds', (name) =>
        members.number(name, { min: 0, max: MAX_RETRY_AFTER_IN_SECONDS }),
      );
      return {
        fault: { kind: 'error', status, retryAfterInSeconds },
        strike: () => {
          throw injectedError(status, retryAfterInSeconds);
        },
      };
    },
    presets: {
      '429': { label: '429 Throttling', fault: { kind: 'error', status: 429 } },
      '500': { label: '500 Internal server error', fault: { kind: 'error', status: 500 } },
      '503': { label: '503 Unavailable', fault: { kind: 'error', status: 503 } },
      '403': { label: '403 Access denied', fault: { kind: 'error', status: 403 } },
    },
  },
  reset: {
    read: () => ({
      fault: { kind: 'reset' },
      strike: () => {
        throw new TypeError('The connection was reset by an injected fault.');
      },
    }),
    presets: { reset: { label: 'Connection reset', fault: { kind: 'reset' } } },
  },
  slow: {
    read(members) {
      const delayMs = members.number('delayMs', { min: 0, max: MAX_DELAY_MS });
      return {
        fault: { kind: 'slow', delayMs },
        strike: async (answer, schedule) => {
          await new Promise<void>((resolve) => schedule(resolve, delayMs));
          return answer;
        },
      };
    },
    presets: { slow: { label: 'Answer 3 s late', fault: { kind: 'slow', delayMs: 3_000 } } },
  },
  expired: {
    // The token is refused before there is an answer to spoil.
    read: () => ({ fault: { kind: 'expired' }, strike: (answer) => answer }),
    operation: 'GetLatestConfiguration',
    presets: { expired: { label: 'Token expired', fault: { kind: 'expired' } } },
  },
  garbage: {
    read: () => ({
      fault: { kind: 'garbage' },
      strike: (answer) => ({ ...answer, body: GARBAGE }),
    }),
    presets: { garbage: { label: 'Malformed content', fault: { kind: 'garbage' } } },
  },
  headers: {
    read(members) {
      const headers = readHeaders(members);
      return {
        fault: { kind: 'headers', headers },
        strike: (answer) => ({ ...answer, headers: replaceHeaders(answer.headers, headers) }),
      };
    },
    presets: {},
  },
};

/** The presets of all kinds, by their short names. */
export const FAULT_PRESETS: ReadonlyMap<string, FaultPreset> = new Map(
  Object.values(FAULT_KINDS).flatMap(({ presets }) => Object.entries(presets)),
);

function replaceHeaders(
  headers: WireAnswer['headers'],
  replacements: Readonly<Record<string, string | null>>,
): WireAnswer['headers'] {
  const replaced = new Map(Object.entries(headers));
  for (const [name, value] of Object.entries(replacements)) {
    if (value === null) replaced.delete(name.toLowerCase());
    else replaced.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(replaced);
}

function readHeaders(members: Members): Readonly<Record<string, string | null>> {
  const probe = new Headers();
  const entries = Object.entries(members.plainObject('headers'));
  try {
    return Object.fromEntries(
      entries.map(([name, value]) => {
        if (value !== null && !(typeof value === 'string' && WRITABLE.test(value))) {
          throw new TypeError();
        }
        probe.set(name, value ?? '');
        return [name, value];
      }),
    );
  } catch {
    throw members.refuse('headers', 'must hold strings or null, by name');
  }
}
