import { inMicrotask, type Clock } from '../session/index.ts';

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(): TestClock {
  const waiting = new Map<() => void, number>();
  const startedAt = Date.now();
  let passedMs = 0;
  return {
    now: () => startedAt + passedMs,
    monotonicNow: () => passedMs,
    schedule(callback, delayMs) {
      // A callback without a delay does not wait for the test.
      if (delayMs > 0) waiting.set(callback, passedMs + delayMs);
      else inMicrotask(callback);
      return () => waiting.delete(callback);
    },
    advance(ms) {
      passedMs += ms;
      for (const [callback, at] of waiting) {
        if (at > passedMs) continue;
        waiting.delete(callback);
        callback();
      }
    },
  };
}
