import type { CachedSnapshot, ProfileObserver, ProfileState } from './profileObserver.ts';
import type { Store } from './store.ts';

/**
 * A profile for whoever asks now. When that is somebody else, what was known stays, as stale, until the
 * first answer for them is there: nothing flickers on the way.
 */
export class CurrentObserver implements Store<ProfileState> {
  readonly #listeners = new Set<() => void>();
  /** A page's HTML was made for the one who asked first. */
  readonly getServerSnapshot: () => ProfileState;
  #observer: ProfileObserver;
  #unsubscribe: (() => void) | undefined;
  /** What was known for the one before. */
  #kept: CachedSnapshot | undefined;
  #shown: { readonly known: ProfileState; readonly state: ProfileState } | undefined;

  constructor(observer: ProfileObserver) {
    this.#observer = observer;
    this.getServerSnapshot = observer.getServerSnapshot;
  }

  readonly getSnapshot = (): ProfileState => {
    const known = this.#observer.getSnapshot();
    if (known.snapshot) this.#kept = undefined;
    if (!this.#kept) return known;
    if (this.#shown?.known !== known) {
      this.#shown = { known, state: { ...known, snapshot: this.#kept, isStale: true } };
    }
    return this.#shown.state;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#unsubscribe ??= this.#observer.subscribe(this.#onChange);
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    };
  };

  /** The observer for whoever asks now. */
  get current(): ProfileObserver {
    return this.#observer;
  }

  /** Polls if a poll is due or a back-off may be cut short. */
  readonly refetch = (): Promise<void> => this.#observer.refetch();

  /** A promise that is pending until the first poll is over, well or not. */
  readonly waitForFirstPoll = (): Promise<void> => this.#observer.waitForFirstPoll();

  /** Goes on for somebody else. */
  replace(observer: ProfileObserver): void {
    const before = this.#observer;
    this.#kept = this.getSnapshot().snapshot;
    this.#shown = undefined;
    this.#observer = observer;
    if (this.#unsubscribe) {
      this.#unsubscribe();
      this.#unsubscribe = observer.subscribe(this.#onChange);
    }
    before.dispose();
    this.#onChange();
  }

  readonly #onChange = (): void => {
    for (const listener of this.#listeners) listener();
  };
}
