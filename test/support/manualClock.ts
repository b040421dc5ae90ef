import type { Clock } from '../../src/session/index.ts';

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Lets time pass, calling back what falls due, as a running machine would. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock, as a user or a time server would. */
  jump(ms: number): void;
  /** Lets the machine sleep: the wall clock goes on, everything else stands still. */
  sleep(ms: number): void;
  /** How many callbacks wait for their time. */
  readonly scheduled: number;
}

export function createManualClock(startAt = Date.UTC(2026, 0, 1)): ManualClock {
  const callbacks = new Map<() => void, number>();
  let monotonic = 0;
  let wallOffset = startAt;

  return {
    now: () => monotonic + wallOffset,
    monotonicNow: () => monotonic,
    schedule(callback, delayMs) {
      const run = () => {
        callbacks.delete(run);
        callback();
      };
      callbacks.set(run, monotonic + delayMs);
      return () => callbacks.delete(run);
    },
    async advance(ms) {
      const end = monotonic + ms;
      for (;;) {
        await settle();
        const due = [...callbacks].filter(([, at]) => at <= end);
        const [next] = due.toSorted(([, a], [, b]) => a - b);
        if (!next) break;
        monotonic = Math.max(monotonic, next[1]);
        next[0]();
      }
      monotonic = end;
      await settle();
    },
    jump(ms) {
      wallOffset += ms;
    },
    sleep(ms) {
      wallOffset += ms;
    },
    get scheduled() {
      return callbacks.size;
    },
  };
}

/** Lets everything happen that does not wait for time to pass. */
export async function settle(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/**
 * Lets everything happen until a condition holds, for as long as a machine could need for it: counted in
 * this process's own time, so that a busy machine makes no difference.
 */
export async function settleUntil(isSettled: () => boolean, longestMs = 100): Promise<void> {
  const startedAt = process.cpuUsage();
  const usedMs = () => {
    const { user, system } = process.cpuUsage(startedAt);
    return (user + system) / 1_000;
  };
  do {
    await settle();
  } while (!isSettled() && usedMs() < longestMs);
  await settle();
}
