import { InvalidArgumentError } from '../errors/index.ts';
import type { EmulatorAnswer } from './emulatorCall.ts';
import type { EmulatorOperation, Fault } from './emulatorTypes.ts';
import { injectedError } from './serviceError.ts';

const KINDS: readonly Fault['kind'][] = ['error', 'reset', 'slow', 'expired', 'garbage', 'headers'];
const STATUSES = [403, 429, 500, 503];
const MAX_DELAY_MS = 10 * 60_000;
const GARBAGE = '{"this is": not what was deployed';

/** What is to go wrong, in the order in which it was asked for. */
export class Faults {
  readonly #random: () => number;
  #pending: readonly Fault[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Those that have not happened yet. */
  get pending(): readonly Fault[] {
    return this.#pending;
  }

  /** @throws InvalidArgumentError */
  inject(fault: Fault): void {
    const problem = findProblem(fault);
    if (problem) throw new InvalidArgumentError(problem);
    this.#pending = [...this.#pending, fault];
  }

  clear(): void {
    this.#pending = [];
  }

  /** Takes what happens to a request now. */
  take(operation: EmulatorOperation): Fault | undefined {
    const fault = this.#pending.find((candidate) => {
      const struck = candidate.kind === 'expired' ? 'GetLatestConfiguration' : candidate.operation;
      if ((struck ?? operation) !== operation) return false;
      return candidate.probability === undefined || this.#random() < candidate.probability;
    });
    if (!fault) return undefined;
    const times = (fault.times ?? 1) - 1;
    const rest = this.#pending.map((other) => (other === fault ? { ...fault, times } : other));
    this.#pending = rest.filter((other) => (other.times ?? 1) > 0);
    return fault;
  }
}

/** Lets a fault happen to an answer. @throws ServiceError, or a TypeError for a connection that is reset. */
export async function spoil({ response }: EmulatorAnswer, fault: Fault): Promise<Response> {
  switch (fault.kind) {
    case 'error':
      throw injectedError(fault.status, fault.retryAfterInSeconds);
    case 'reset':
      throw new TypeError('The connection was reset by an injected fault.');
    case 'expired':
      // The token was refused before there was an answer to spoil.
      return response;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return response;
    case 'garbage':
      return new Response(GARBAGE, { status: response.status, headers: response.headers });
    case 'headers':
      for (const [name, value] of Object.entries(fault.headers)) {
        if (value === null) response.headers.delete(name);
        else response.headers.set(name, value);
      }
      return response;
  }
}

/** Faults come from people, too, through the control page. */
function findProblem(fault: Fault): string | undefined {
  const { kind, times = 1, probability = 1 } = fault;
  if (!KINDS.includes(kind)) return `A fault's "kind" must be one of ${KINDS.join(', ')}.`;
  if (!(times >= 1)) return 'A fault\'s "times" must be 1 or more.';
  if (!(probability > 0 && probability <= 1)) {
    return 'A fault\'s "probability" must be above 0 and at most 1.';
  }
  if (fault.kind === 'error' && !STATUSES.includes(fault.status)) {
    return `A fault's "status" must be one of ${STATUSES.join(', ')}.`;
  }
  if (fault.kind === 'slow' && !(fault.delayMs >= 0 && fault.delayMs <= MAX_DELAY_MS)) {
    return `A fault's "delayMs" must be a number from 0 to ${MAX_DELAY_MS}.`;
  }
  return undefined;
}
