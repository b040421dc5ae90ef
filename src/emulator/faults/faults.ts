import type { EmulatorOperation } from '../api/index.ts';
import { Members } from '../deployments/index.ts';
import type { Fault } from './fault.ts';
import { FAULT_KINDS, type Strike } from './faultKinds.ts';

const KINDS: readonly Fault['kind'][] = ['error', 'reset', 'slow', 'expired', 'garbage', 'headers'];
const OPERATIONS = [
  'StartConfigurationSession',
  'GetLatestConfiguration',
  'GetConfiguration',
] as const satisfies readonly EmulatorOperation[];

/** A fault that was read, how often it still happens, and what it does. */
export interface PreparedFault {
  readonly fault: Fault;
  /** Spoils an answer. @throws ServiceError, or a TypeError for a connection that is reset. */
  readonly strike: Strike;
}

/**
 * Reads a fault as somebody wrote it, in code, over HTTP or on a command line.
 *
 * @throws InvalidArgumentError with the name of the member that is wrong.
 */
export function readFault(members: Members): PreparedFault {
  const kind = members.oneOf('kind', KINDS);
  const times = members.optional('times', (name) =>
    members.number(name, { min: 1, max: Infinity }),
  );
  const operation = members.optional('operation', (name) => members.oneOf(name, OPERATIONS));
  const probability = members.optional('probability', (name) =>
    members.number(name, { min: 0, max: 1 }),
  );
  if (probability === 0) throw members.refuse('probability', 'must be above 0');
  const only = FAULT_KINDS[kind].operation;
  if (only && operation && operation !== only) {
    throw members.refuse('operation', `must be ${only} for the kind ${kind}`);
  }
  const { fault, strike } = FAULT_KINDS[kind].read(members);
  return { fault: { ...fault, times, operation, probability }, strike };
}

/** What is to go wrong, in the order in which it was asked for. */
export class Faults {
  readonly #random: () => number;
  #pending: readonly PreparedFault[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Those that have not happened yet. */
  get pending(): readonly Fault[] {
    return this.#pending.map(({ fault }) => fault);
  }

  inject(fault: PreparedFault): void {
    this.#pending = [...this.#pending, fault];
  }

  clear(): void {
    this.#pending = [];
  }

  /** Takes the fault that strikes a request now, if any. */
  take(operation: EmulatorOperation): PreparedFault | undefined {
    const taken = this.#pending.find(({ fault }) => {
      const struck = FAULT_KINDS[fault.kind].operation ?? fault.operation ?? operation;
      if (struck !== operation) return false;
      return fault.probability === undefined || this.#random() < fault.probability;
    });
    if (!taken) return undefined;
    const times = (taken.fault.times ?? 1) - 1;
    this.#pending = this.#pending.flatMap((other) => {
      if (other !== taken) return [other];
      return times > 0 ? [{ ...taken, fault: { ...taken.fault, times } }] : [];
    });
    return taken;
  }
}
