import { Listeners } from './listeners.ts';
import { createOverlay } from './overlay.ts';
import { findOverride, type OverrideStore } from './overrides.ts';
import type { ProfileObserver } from './profileObserver.ts';
import type { CachedSnapshot, ProfileState } from './profileState.ts';
import type { Store } from './store.ts';

/**
 * A profile as components see it now: for the current audience, with overrides. When the audience changes,
 * the old values stay, as stale, until the first answer for the new one is there: nothing flickers.
 */
export class CurrentObserver implements Store<ProfileState> {
  readonly #profile: string;
  /** The page's HTML was made for the first audience. */
  readonly #getServerState: () => ProfileState;
  #observer: ProfileObserver;
  #overrides: OverrideStore | undefined;
  /** What was known for the previous audience. */
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

  /** The observer for the current audience. */
  get current(): ProfileObserver {
    return this.#observer;
  }

  /** Whether what is shown was evaluated for the previous audience. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /** Polls if a poll is due or a back-off may be cut short. */
  readonly refetch = (): Promise<void> => this.#observer.refetch();

  /** A promise that is pending until the first poll is over, well or not, or something is overridden. */
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

  /** Switches to another audience. */
  replace(observer: ProfileObserver): void {
    const before = this.#observer;
    this.#kept = this.#readState().snapshot;
    this.#shown = undefined;
    this.#observer = observer;
    this.#listeners.restart();
    before.dispose();
    this.#listeners.notify();
  }

  /** Switches to another store of overrides. */
  replaceOverrides(overrides: OverrideStore | undefined): void {
    this.#overrides = overrides;
    this.#listeners.restart();
    this.#listeners.notify();
  }

  /** What is known without overrides. */
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
