import type { AppConfigError } from '../errors/index.ts';
import {
  checkFeatureFlags,
  type AttributeValue,
  type KnownFlags,
  type UntypedFeatureFlags,
} from '../flags/index.ts';
import { createCheckedStore } from './checkedStore.ts';
import type { FlagStores } from './flagAnswers.ts';
import type { CurrentObserver } from './currentObserver.ts';
import { perName } from './memoize.ts';
import { compareFlags, type FlagsChange } from './flagChanges.ts';
import { deriveStore, type CountingStore, type Store } from './store.ts';

/** What is known of a profile's flags, and how it came. */
export interface ProfileFlags extends KnownFlags {
  readonly error: AppConfigError | undefined;
  readonly versionLabel: string | undefined;
  /** Whether the first poll is over, well or not. */
  readonly isSettled: boolean;
  /** Whether the whole document is overridden. */
  readonly isDocumentOverridden: boolean;
}

/** One flag of a profile, and the stores that answer what components ask of it. */
export interface ProfileFlag {
  readonly profile: Profile;
  readonly key: string;
  readonly stores: FlagStores;
  /** The stores of its attributes, by type and name. */
  readonly attributes: Map<string, CountingStore<AttributeValue | undefined>>;
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
  /** A component that reads one of its flags is on the page, or what it reads has changed. */
  noteRead: (flag: ProfileFlag) => void;
  /** Another version of its flags is in use. */
  noteChange: (change: FlagsChange) => void;
}

/** One profile of a client: what every question of a hook is asked of. */
export class Profile {
  readonly name: string;
  readonly observer: CurrentObserver;
  readonly fallback: unknown;
  readonly report: (error: AppConfigError) => void;
  readonly noteRead: (flag: ProfileFlag) => void;
  /** The flags that were asked for, known or not. */
  readonly askedFlags = new Map<string, ProfileFlag>();
  /** One of its flags; the same object each time. */
  readonly flag = perName(
    (key): ProfileFlag => ({ profile: this, key, stores: {}, attributes: new Map() }),
    this.askedFlags,
  );
  readonly #readFlagDefaults: () => UntypedFeatureFlags | undefined;
  readonly #noteChange: (change: FlagsChange) => void;
  #flags: Store<ProfileFlags> | undefined;

  constructor(options: ProfileOptions) {
    const { name, observer, fallback, readFlagDefaults, report, noteRead, noteChange } = options;
    this.name = name;
    this.observer = observer;
    this.fallback = fallback;
    this.report = report;
    this.noteRead = noteRead;
    this.#noteChange = noteChange;
    this.#readFlagDefaults = readFlagDefaults;
  }

  /** The profile's flags. @throws InvalidArgumentError if its defaults are not flags. */
  get flags(): Store<ProfileFlags> {
    this.#flags ??= this.#createFlags();
    return this.#flags;
  }

  #createFlags(): Store<ProfileFlags> {
    const defaults = this.#readFlagDefaults();
    let compared: { readonly of: unknown; readonly flags: ProfileFlags } | undefined;
    return deriveStore(
      createCheckedStore(this, checkFeatureFlags),
      ({ good, serviceGood, error, isStale, override }): ProfileFlags => {
        const isDocumentOverridden = override?.document !== undefined && good !== serviceGood;
        const known = isDocumentOverridden ? good : serviceGood;
        return {
          overrides: isDocumentOverridden ? good?.document : override?.flags,
          loaded: known?.document,
          defaults,
          isStale,
          error,
          versionLabel: known?.snapshot.versionLabel,
          isSettled: good !== undefined || error !== undefined,
          isDocumentOverridden,
        };
      },
      (flags) => {
        const { current, isKept } = this.observer;
        // Another person's flags are not a new version, and neither are overrides.
        const isComparable = !isKept && !flags.isDocumentOverridden;
        const before = compared?.of === current ? compared.flags : undefined;
        const change =
          isComparable && before?.loaded !== flags.loaded && compareFlags(before, flags);
        if (isComparable) compared = { of: current, flags };
        if (change) this.#noteChange({ profile: this.name, ...change });
      },
    );
  }
}
