import type { Clock } from './clock.ts';

/** Makes timers that end together. */
export function createTimers(clock: Clock) {
  const running = new Set<() => void>();

  /** Calls back after a delay, or at once when all end; returns a function that cancels the call. */
  function start(delayMs: number, callback: () => void): () => void {
    const run = () => {
      cancel();
      callback();
    };
    const stop = clock.schedule(run, delayMs);
    const cancel = () => {
      stop();
      running.delete(run);
    };
    running.add(run);
    return cancel;
  }

  return {
    start,
    /** Resolves after a delay, or at once when all end. */
    wait: (delayMs: number) =>
      new Promise<void>((resolve) => {
        start(delayMs, resolve);
      }),
    endAll(): void {
      for (const run of running) run();
    },
  };
}
