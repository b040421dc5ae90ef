import type { Clock } from './clock.ts';

/** A timer that is early by at most this waits for the rest instead of losing an interval. */
export const EARLY_TIMER_MS = 50;
/** How far two good clocks may drift apart, as a share of the wait, ... */
const CLOCK_DRIFT = 0.01;
/** ... and at least. */
const MIN_CLOCK_DRIFT_MS = 1_000;

/** A moment on both clocks. */
export interface Moment {
  readonly now: number;
  readonly monotonicNow: number;
}

/**
 * Makes a gate that says when the next request may go out. Time has passed as soon as either clock says so: the
 * monotonic one may stand still while a laptop sleeps or a process is frozen, the other one may be set.
 */
export function createPollGate(clock: Clock) {
  let closedForMs = 0;
  let opensAt: Moment = {
    now: Number.NEGATIVE_INFINITY,
    monotonicNow: Number.NEGATIVE_INFINITY,
  };
  const monotonicMsLeft = () => opensAt.monotonicNow - clock.monotonicNow();
  const isPastByWallClock = () =>
    clock.now() >= opensAt.now &&
    monotonicMsLeft() > Math.max(MIN_CLOCK_DRIFT_MS, closedForMs * CLOCK_DRIFT);
  const msLeft = () => (isPastByWallClock() ? 0 : Math.max(0, monotonicMsLeft()));

  function closeFor(waitMs: number): void {
    closedForMs = waitMs;
    opensAt = { now: clock.now() + waitMs, monotonicNow: clock.monotonicNow() + waitMs };
  }

  return {
    /** Closes for so many milliseconds from now on. */
    closeFor,
    /** Opens after so many milliseconds, if it would not have by then. */
    openWithin(waitMs: number): void {
      if (msLeft() > waitMs) closeFor(waitMs);
    },
    /** When it opens. */
    opensAt: () => opensAt,
    /** Milliseconds until it opens; 0 when it is open. */
    msLeft,
    isOpenByMonotonicClock: () => monotonicMsLeft() <= 0,
    /** Whether only the clock that can be set says so: the service's own clock may not agree. */
    isOpenByWallClockAlone: () => monotonicMsLeft() > EARLY_TIMER_MS && isPastByWallClock(),
  };
}
