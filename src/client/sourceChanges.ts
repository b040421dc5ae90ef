import type { ConfigurationSource } from '../session/index.ts';

/** A source that is made anew in every render is followed this often within the window, ... */
const MAX_CHANGES = 3;
/** ... and then left alone. */
const WINDOW_MS = 10_000;

/** Tells a source that was replaced on purpose from one that is made anew in every render. */
export class SourceChanges {
  readonly #known = new WeakSet<ConfigurationSource>();
  #changedAt: number[] = [];

  constructor(first: ConfigurationSource) {
    this.#known.add(first);
  }

  /** Whether a client should go on with a source. */
  accept(source: ConfigurationSource, now: number): boolean {
    if (this.#known.has(source)) return true;
    this.#changedAt = this.#changedAt.filter((at) => now - at < WINDOW_MS);
    if (this.#changedAt.length >= MAX_CHANGES) return false;
    this.#changedAt.push(now);
    this.#known.add(source);
    return true;
  }
}
