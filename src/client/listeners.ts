/** Listeners to something that starts with the first of them and stops with the last. */
export class Listeners {
  readonly #listeners = new Set<() => void>();
  readonly #start: () => () => void;
  #stop: (() => void) | undefined;

  /** @param start returns the function that stops what it starts */
  constructor(start: () => () => void) {
    this.#start = start;
  }

  get count(): number {
    return this.#listeners.size;
  }

  get isStarted(): boolean {
    return this.#stop !== undefined;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    try {
      this.#stop ??= this.#start();
    } catch (thrown) {
      this.#listeners.delete(listener);
      throw thrown;
    }
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  readonly notify = (): void => {
    for (const listener of this.#listeners) listener();
  };
}
