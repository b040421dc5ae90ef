import {
  DISABLED_FLAG,
  findAttribute,
  findFlag,
  type AttributeValue,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { ConfigurationResult } from './configurationView.ts';
import { createFamily, deriveStore, type Store } from './store.ts';

/**
 * Why a flag has the value that it has: `loaded` from AWS AppConfig; `stale`, loaded, but the newest
 * poll failed; `default` while nothing is known; `missing` when the configuration is known and has
 * no such flag.
 */
export type FlagReason = 'loaded' | 'stale' | 'default' | 'missing';

/** A flag and where it comes from. */
export interface FlagDetails<AnyFlag = UntypedFlag> {
  readonly flag: AnyFlag;
  /** The variant of a multi-variant flag. */
  readonly variant: string | undefined;
  readonly reason: FlagReason;
  /** The label of the version that the flag comes from, if it has one. */
  readonly versionLabel: string | undefined;
  /** Why the newest poll failed or its content cannot be used. */
  readonly error: AppConfigError | undefined;
}

/** Everything that a component can subscribe to about one flag. */
export interface FlagStores {
  readonly flag: Store<UntypedFlag>;
  readonly isEnabled: Store<boolean>;
  /** True while neither the flag nor a default for it is known. */
  readonly isPending: Store<boolean>;
  readonly details: Store<FlagDetails>;
  readonly attribute: (name: string) => Store<AttributeValue | undefined>;
}

/** The flags of one profile. */
export interface ProfileFlagStores {
  readonly all: Store<UntypedFeatureFlags>;
  readonly of: (key: string) => FlagStores;
}

/** Stores for the flags of a profile: one a flag, shared by all of its readers. */
export function createFlagStores(
  view: Store<ConfigurationResult<UntypedFeatureFlags>>,
  defaults: UntypedFeatureFlags | undefined,
): ProfileFlagStores {
  return {
    all: deriveStore(view, () => createSelectAll(defaults)),
    of: createFamily((key) => {
      const defaultFlag = findFlag(defaults, key) ?? DISABLED_FLAG;
      const flag = deriveStore(
        view,
        () =>
          ({ data }) =>
            findFlag(data, key) ?? defaultFlag,
      );
      return {
        flag,
        isEnabled: deriveStore(
          flag,
          () =>
            ({ enabled }) =>
              enabled,
        ),
        isPending: deriveStore(
          view,
          () =>
            ({ status, data }) =>
              status === 'pending' && !findFlag(data, key),
        ),
        details: deriveStore(view, () => createSelectDetails(key, defaultFlag)),
        attribute: createFamily((name) =>
          deriveStore(flag, () => (current) => findAttribute(current, name)),
        ),
      };
    }),
  };
}

function createSelectAll(
  defaults: UntypedFeatureFlags = {},
): (result: ConfigurationResult<UntypedFeatureFlags>) => UntypedFeatureFlags {
  let seen: UntypedFeatureFlags | undefined;
  let all = defaults;
  return ({ data }) => {
    if (data !== seen) {
      seen = data;
      all = { ...defaults, ...data };
    }
    return all;
  };
}

function createSelectDetails(
  key: string,
  defaultFlag: UntypedFlag,
): (result: ConfigurationResult<UntypedFeatureFlags>) => FlagDetails {
  let details: FlagDetails | undefined;
  return ({ status, data, error, versionLabel }) => {
    const found = findFlag(data, key);
    const flag = found ?? defaultFlag;
    const reason =
      status !== 'success' ? 'default' : !found ? 'missing' : error ? 'stale' : 'loaded';
    if (
      details?.flag !== flag ||
      details.reason !== reason ||
      details.error !== error ||
      details.versionLabel !== versionLabel
    ) {
      details = { flag, variant: flag._variant, reason, versionLabel, error };
    }
    return details;
  };
}
