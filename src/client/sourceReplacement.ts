import type { Clock, ConfigurationSource } from '../session/index.ts';

/** A source that has been in use for this long was not made for one render. */
const SETTLED_MS = 250;
/** So many sources may follow each other at once, ... */
const MAX_CHANGES = 5;
/** ... within this time; more of them have to wait until one stays. */
const WINDOW_MS = 10_000;
/** So many in a row, none of which was settled, are a mistake. */
const MAX_UNSETTLED = 3;

/** Who is told what becomes of a source that was replaced. */
interface ReplacementListener {
  readonly onReplaced: () => void;
  /** Each render seems to bring another source. */
  readonly onRepeated: () => void;
}

/**
 * Tells a source that was replaced on purpose, by a sign-in or a hot reload, from one that is made anew in
 * every render: the first is asked at once, the others cost no session until one of them stays.
 */
export class SourceReplacement {
  readonly #options: { source: ConfigurationSource; readonly clock: Clock };
  readonly #listener: ReplacementListener;
  #newest: ConfigurationSource;
  #since: number;
  #changes: number[] = [];
  #unsettled = 0;
  #callOff: (() => void) | undefined;

  /** @param options whose source is replaced */
  constructor(
    options: { source: ConfigurationSource; readonly clock: Clock },
    listener: ReplacementListener,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#newest = options.source;
    this.#since = options.clock.monotonicNow();
  }

  replace(source: ConfigurationSource): void {
    if (source === this.#newest) return;
    const { clock } = this.#options;
    const now = clock.monotonicNow();
    const isSettled = now - this.#since >= SETTLED_MS;
    this.#newest = source;
    this.#since = now;
    this.#unsettled = isSettled ? 0 : this.#unsettled + 1;
    this.#changes = this.#changes.filter((at) => now - at < WINDOW_MS).concat(now);
    const areTooMany = this.#changes.length > MAX_CHANGES;
    if (areTooMany || this.#unsettled >= MAX_UNSETTLED) this.#listener.onRepeated();
    this.end();
    // What it knows without being asked costs nothing.
    if (source.initial || (isSettled && !areTooMany)) this.#adopt();
    else this.#callOff = clock.schedule(this.#adopt, areTooMany ? WINDOW_MS : SETTLED_MS);
  }

  /** Forgets a source that still waits. */
  end(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }

  readonly #adopt = (): void => {
    this.#callOff = undefined;
    this.#options.source = this.#newest;
    this.#listener.onReplaced();
  };
}
