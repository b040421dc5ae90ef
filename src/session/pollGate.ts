import type { Clock } from './clock.ts';

/** A timer that is early by at most this waits for the rest instead of losing an interval. */
export const EARLY_TIMER_MS = 50;
/** How far two good clocks may drift apart, as a share of the wait, ... */
const CLOCK_DRIFT = 0.01;
/** ... and at least. */
const MIN_CLOCK_DRIFT_MS = 1_000;

/**
 * Says when the next request may go out. Time has passed as soon as either clock says so: the
 * monotonic one may stand still while a laptop sleeps or a process is frozen, the other one may be set.
 */
export class PollGate {
  readonly #clock: Clock;
  #waitMs = 0;
  #opensAt = { now: Number.NEGATIVE_INFINITY, monotonicNow: Number.NEGATIVE_INFINITY };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Closes for so many milliseconds from now on. */
  closeFor(waitMs: number): void {
    this.#waitMs = waitMs;
    this.#opensAt = {
      now: this.#clock.now() + waitMs,
      monotonicNow: this.#clock.monotonicNow() + waitMs,
    };
  }

  /** Opens after so many milliseconds, if it would not have by then. */
  openWithin(waitMs: number): void {
    if (this.msLeft > waitMs) this.closeFor(waitMs);
  }

  /** When it opens, on both clocks. */
  get opensAt(): { readonly now: number; readonly monotonicNow: number } {
    return this.#opensAt;
  }

  /** Milliseconds until it opens; 0 when it is open. */
  get msLeft(): number {
    return this.#isPastByWallClock() ? 0 : Math.max(0, this.#monotonicMsLeft());
  }

  get isOpenByMonotonicClock(): boolean {
    return this.#monotonicMsLeft() <= 0;
  }

  /** Whether only the clock that can be set says so: the service's own clock may not agree. */
  get isOpenByWallClockAlone(): boolean {
    return this.#monotonicMsLeft() > EARLY_TIMER_MS && this.#isPastByWallClock();
  }

  #isPastByWallClock(): boolean {
    const drift = Math.max(MIN_CLOCK_DRIFT_MS, this.#waitMs * CLOCK_DRIFT);
    return this.#clock.now() >= this.#opensAt.now && this.#monotonicMsLeft() > drift;
  }

  #monotonicMsLeft(): number {
    return this.#opensAt.monotonicNow - this.#clock.monotonicNow();
  }
}
