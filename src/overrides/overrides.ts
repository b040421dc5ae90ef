import type {
  DefaultFlagsProfileName,
  FlagKey,
  FlagOf,
  FlagsProfileName,
  OverrideStore,
  GivenDocument,
  ProfileName,
} from '../client/index.ts';
import { isServer } from '../session/index.ts';
import {
  checkFeatureFlags,
  toFlag,
  findOwn,
  type OverriddenProfiles,
  type ProfileOverride,
} from '../flags/index.ts';

/** Which override is meant. */
export interface OverrideName {
  /** @default the profile that the store was made for */
  profile?: ProfileName | undefined;
}

/** Overrides of what AWS AppConfig says: an overridden value has the reason `override`. */
export interface Overrides extends OverrideStore {
  /**
   * Sets a flag: on or off, or with its attributes.
   *
   * @throws ContentError `NotFeatureFlags` for a value that is not a flag, InvalidArgumentError where overrides are off.
   */
  setFlag<
    Profile extends FlagsProfileName = DefaultFlagsProfileName,
    Key extends FlagKey<Profile> = FlagKey<Profile>,
  >(
    key: Key,
    value: boolean | FlagOf<Profile, Key>,
    name?: { profile?: Profile | undefined },
  ): void;
  /**
   * Sets a whole document. Those who read it with a schema check it like any other version.
   *
   * @throws InvalidArgumentError where overrides are off.
   */
  setDocument<Profile extends ProfileName>(
    profile: Profile,
    document: GivenDocument<Profile>,
  ): void;
  /** Takes back one flag, or what is set for one profile, or everything. */
  clear(name?: OverrideName & { flag?: string | undefined }): void;
}

/** Overrides, and where they are kept. */
export interface OverridesOptions {
  /**
   * The profile of flags that are set without naming one.
   * @default the provider's `flags`
   */
  flags?: FlagsProfileName | undefined;
  /** What is set at first; in a page that is hydrated, what the server read with `readOverridesCookie`. */
  initial?: OverriddenProfiles | undefined;
}

/**
 * Overrides in memory: for tests, stories and a server's render. They also work in production builds, because
 * nobody but the app can set them.
 *
 * @example
 * const overrides = memoryOverrides();
 * overrides.setFlag('dark-mode', true);
 * <AppConfigProvider overrides={overrides} …>
 */
export function memoryOverrides({ flags, initial = {} }: OverridesOptions = {}): Overrides {
  const listeners = new Set<() => void>();
  let current = initial;
  let flagsProfile: string = flags ?? 'flags';
  const overrides: Overrides = createOverrides(() => flagsProfile, {
    adopt(owner) {
      flagsProfile = flags ?? owner.flags ?? flagsProfile;
      return overrides;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => current,
    // On a server there is no earlier HTML to match.
    getServerSnapshot: () => (isServer() ? current : initial),
    replace(next) {
      current = next;
      for (const listener of listeners) listener();
    },
  });
  return overrides;
}

/** A store with what can be done to it. */
export function createOverrides(
  getFlagsProfile: () => string,
  store: OverrideStore & {
    readonly replace: (next: OverriddenProfiles) => void;
    /** Reads again what others may have set. */
    readonly refresh?: () => void;
  },
): Overrides {
  const { replace, refresh, ...readable } = store;
  const of = (profile: string) => {
    refresh?.();
    return findOwn(store.getSnapshot(), profile) ?? {};
  };
  const setProfile = (profile: string, { document, flags = {} }: ProfileOverride) => {
    const { [profile]: _before, ...rest } = store.getSnapshot();
    const hasFlags = Object.keys(flags).length > 0;
    if (document === undefined && !hasFlags) replace(rest);
    else {
      replace({
        ...rest,
        [profile]: { ...(document !== undefined && { document }), ...(hasFlags && { flags }) },
      });
    }
  };
  return {
    ...readable,
    setFlag(key: string, value: unknown, { profile = getFlagsProfile() } = {}) {
      const before = of(profile);
      setProfile(profile, {
        ...before,
        flags: { ...before.flags, ...checkFeatureFlags({ [key]: toFlag(value) }) },
      });
    },
    setDocument(profile: string, document: unknown) {
      setProfile(profile, { ...of(profile), document });
    },
    clear({ profile, flag } = {}) {
      if (flag !== undefined) {
        const name = profile ?? getFlagsProfile();
        const before = of(name);
        const { [flag]: _cleared, ...flags } = before.flags ?? {};
        setProfile(name, { ...before, flags });
      } else if (profile !== undefined) setProfile(profile, {});
      else replace({});
    },
  };
}
