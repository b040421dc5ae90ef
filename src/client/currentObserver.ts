import { Listeners } from './listeners.ts';
import { createOverlay, findOverride, type OverrideStore } from './overrides.ts';
import type { ProfileObserver } from './profileObserver.ts';
import type { CachedSnapshot, ProfileState } from './profileState.ts';
import type { Store } from './store.ts';

/**
 * A profile as components see it now: for whoever asks, with what was set by hand. When somebody else asks,
 * what was known stays, as stale, until the first answer for them is there: nothing flickers on the way.
 */
export class CurrentObserver implements Store<ProfileState> {
  readonly #profile: string;
  /** A page's HTML was made for the one who asked first. */
  readonly #getServerState: () => ProfileState;
  #observer: ProfileObserver;
  #overrides: OverrideStore | undefined;
  /** What was known for the one before. */
  #kept: CachedSnapshot | undefined;
  #shown: { readonly known: ProfileState; readonly state: ProfileState } | undefined;
  readonly #overlay = createOverlay();
  readonly #serverOverlay = createOverlay();

  constructor(profile: string, observer: ProfileObserver, overrides: OverrideStore | undefined) {
    this.#profile = profile;
    this.#observer = observer;
    this.#overrides = overrides;
    this.#getServerState = observer.getServerSnapshot;
  }

  readonly getSnapshot = (): ProfileState =>
    this.#overlay(this.#readState(), findOverride(this.#overrides?.getSnapshot(), this.#profile));

  readonly getServerSnapshot = (): ProfileState =>
    this.#serverOverlay(
      this.#getServerState(),
      findOverride(this.#overrides?.getServerSnapshot(), this.#profile),
    );

  readonly #listeners = new Listeners(() => {
    const stops = [this.#observer, this.#overrides].map((store) =>
      store?.subscribe(this.#listeners.notify),
    );
    return () => {
      for (const stop of stops) stop?.();
    };
  });

  readonly subscribe = this.#listeners.subscribe;

  /** The observer for whoever asks now. */
  get current(): ProfileObserver {
    return this.#observer;
  }

  /** Whether what is shown was known for the one before. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /** Polls if a poll is due or a back-off may be cut short. */
  readonly refetch = (): Promise<void> => this.#observer.refetch();

  /** A promise that is pending until the first poll is over, well or not, or something is set by hand. */
  readonly waitForFirstPoll = (): Promise<void> => {
    const polled = this.#observer.waitForFirstPoll();
    const overrides = this.#overrides;
    if (!overrides) return polled;
    let stop: (() => void) | undefined;
    const isSet = new Promise<void>((resolve) => {
      stop = overrides.subscribe(resolve);
    });
    return Promise.race([polled, isSet]).finally(() => stop?.());
  };

  /** Goes on for somebody else. */
  replace(observer: ProfileObserver): void {
    const before = this.#observer;
    this.#kept = this.#readState().snapshot;
    this.#shown = undefined;
    this.#observer = observer;
    this.#listeners.restart();
    before.dispose();
    this.#listeners.notify();
  }

  /** Goes on with what is set by hand elsewhere. */
  replaceOverrides(overrides: OverrideStore | undefined): void {
    this.#overrides = overrides;
    this.#listeners.restart();
    this.#listeners.notify();
  }

  /** What is known without anything that was set by hand. */
  #readState(): ProfileState {
    const known = this.#observer.getSnapshot();
    if (known.snapshot) this.#kept = undefined;
    if (!this.#kept) return known;
    if (this.#shown?.known !== known) {
      this.#shown = { known, state: { ...known, snapshot: this.#kept, isStale: true } };
    }
    return this.#shown.state;
  }
}
