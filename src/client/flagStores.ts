import {
  DISABLED_FLAG,
  findAttribute,
  findFlag,
  shareStructure,
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

type FlagSelector<Selected> = (result: ConfigurationResult<UntypedFeatureFlags>) => Selected;

/** Stores for the flags of a profile: one a flag, shared by all of its readers. */
export function createFlagStores(
  view: Store<ConfigurationResult<UntypedFeatureFlags>>,
  defaults: UntypedFeatureFlags | undefined,
): ProfileFlagStores {
  return {
    all: deriveStore(view, () => createSelectAll(defaults)),
    of: createFamily((key) => {
      const defaultFlag = findFlag(defaults, key) ?? DISABLED_FLAG;
      const flag = deriveStore(view, () => createSelectFlag(key, defaultFlag));
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

function createSelectAll(defaults: UntypedFeatureFlags = {}): FlagSelector<UntypedFeatureFlags> {
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

/** A flag that turns out to be what its readers took it for is no reason to render. */
function createSelectFlag(key: string, defaultFlag: UntypedFlag): FlagSelector<UntypedFlag> {
  let seen: UntypedFlag | undefined;
  let flag = defaultFlag;
  return ({ data }) => {
    const found = findFlag(data, key);
    if (found !== seen) {
      seen = found;
      const next = found ?? defaultFlag;
      if (shareStructure(flag, next) !== flag) flag = next;
    }
    return flag;
  };
}

function createSelectDetails(key: string, defaultFlag: UntypedFlag): FlagSelector<FlagDetails> {
  const selectFlag = createSelectFlag(key, defaultFlag);
  let details: FlagDetails | undefined;
  return (result) => {
    const { status, data, error, versionLabel } = result;
    const flag = selectFlag(result);
    const isFound = findFlag(data, key) !== undefined;
    const reason =
      status !== 'success' ? 'default' : !isFound ? 'missing' : error ? 'stale' : 'loaded';
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
