import type { Clock } from './clock.ts';

/** Timers that end together. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back after a delay, or at once when all end; returns a function that cancels the call. */
  start(delayMs: number, callback: () => void): () => void {
    const run = () => {
      cancel();
      callback();
    };
    const stop = this.#clock.schedule(run, delayMs);
    const cancel = () => {
      stop();
      this.#running.delete(run);
    };
    this.#running.add(run);
    return cancel;
  }

  /** Resolves after a delay, or at once when all end. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.start(delayMs, resolve);
    });
  }

  endAll(): void {
    for (const run of this.#running) run();
  }
}
