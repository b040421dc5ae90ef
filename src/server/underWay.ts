import type { Clock } from '../session/index.ts';

/**
 * Something that takes a while. A platform may drop it with the request that began it, and then it never settles:
 * after some time, by the clock, it counts as lost. No timer can say so, because it would be dropped as well.
 */
export class UnderWay<Result> {
  readonly result: Promise<Result>;
  readonly #clock: Clock;
  readonly #since: number;
  readonly #monotonicSince: number;

  constructor(clock: Clock, result: Promise<Result>) {
    this.#clock = clock;
    this.#since = clock.now();
    this.#monotonicSince = clock.monotonicNow();
    this.result = result;
  }

  /** How long it has been under way, by the clock that says more: one stands still while a process is frozen. */
  get ageMs(): number {
    return Math.max(
      this.#clock.monotonicNow() - this.#monotonicSince,
      this.#clock.now() - this.#since,
    );
  }
}
