import type { AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, type KnownFlags, type UntypedFeatureFlags } from '../flags/index.ts';
import { createCheckedStore } from './checkedStore.ts';
import type { FlagStores } from './flagStores.ts';
import type { CurrentObserver } from './currentObserver.ts';
import { perName } from './memoize.ts';

import { deriveStore, type Store } from './store.ts';

/** What is known of a profile's flags, and how it came. */
export interface ProfileFlags extends KnownFlags {
  readonly error: AppConfigError | undefined;
  readonly versionLabel: string | undefined;
  /** Whether the first poll is over, well or not. */
  readonly isSettled: boolean;
}

/** One flag of a profile, and the stores that answer what components ask of it. */
export interface ProfileFlag {
  readonly profile: Profile;
  readonly key: string;
  readonly stores: FlagStores;
}

/** What a {@link Profile} is made of. */
export interface ProfileOptions {
  name: string;
  observer: CurrentObserver;
  /** What components see of the profile before there is anything else. */
  fallback: unknown;
  /** The same as flags; throws if it is something else. */
  readFlagDefaults: () => UntypedFeatureFlags | undefined;
  report: (error: AppConfigError) => void;
}

/** One profile of a client: what every question of a hook is asked of. */
export class Profile {
  readonly name: string;
  readonly observer: CurrentObserver;
  readonly fallback: unknown;
  readonly report: (error: AppConfigError) => void;
  /** One of its flags, known or not; the same object each time. */
  readonly flag = perName((key): ProfileFlag => ({ profile: this, key, stores: {} }));
  readonly #readFlagDefaults: () => UntypedFeatureFlags | undefined;
  #flags: Store<ProfileFlags> | undefined;

  constructor({ name, observer, fallback, readFlagDefaults, report }: ProfileOptions) {
    this.name = name;
    this.observer = observer;
    this.fallback = fallback;
    this.report = report;
    this.#readFlagDefaults = readFlagDefaults;
  }

  /** The profile's flags. @throws InvalidArgumentError if its defaults are not flags. */
  get flags(): Store<ProfileFlags> {
    this.#flags ??= this.#createFlags();
    return this.#flags;
  }

  #createFlags(): Store<ProfileFlags> {
    const defaults = this.#readFlagDefaults();
    return deriveStore(
      createCheckedStore(this, checkFeatureFlags),
      ({ good, error, isStale }): ProfileFlags => ({
        // Their public face comes later; their place and their precedence are here.
        overrides: undefined,
        loaded: good?.document,
        defaults,
        isStale,
        error,
        versionLabel: good?.snapshot.versionLabel,
        isSettled: good !== undefined || error !== undefined,
      }),
    );
  }
}
