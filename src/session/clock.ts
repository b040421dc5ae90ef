/** Where a session takes its time from. Replace it to move time by hand in a test. */
export interface Clock {
  /** Milliseconds since 1970. May jump both ways; goes on while the machine sleeps. */
  now(): number;
  /** Milliseconds since any fixed moment. Never jumps; may stand still while the machine sleeps. */
  monotonicNow(): number;
  /** Calls back once after `delayMs` and returns a function that cancels the call. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The time of the machine: `Date.now()`, `performance.now()` and `setTimeout`. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicNow: () => performance.now(),
  schedule: (callback, delayMs) => {
    const timeout = setTimeout(callback, delayMs);
    return () => clearTimeout(timeout);
  },
};
