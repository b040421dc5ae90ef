import { findFlag, type UntypedFlag } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import { createSelectFlag, type FlagSelector, type ProfileFlags } from './flagStores.ts';
import { perName, perObject } from './memoize.ts';
import { deriveStore } from './store.ts';

/**
 * Why a flag has the value that it has: `loaded` from AWS AppConfig; `stale`, known, but the newest
 * poll failed, or the configuration comes from a cache and no poll has confirmed it yet; `default`
 * while nothing is known; `missing` when the configuration is known and has no such flag.
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

/** A flag and where it comes from, shared by all of its readers. */
export const flagDetailsStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  perName((key) => deriveStore(flags.view, () => createSelectDetails(flags, key))),
);

function createSelectDetails(flags: ProfileFlags, key: string): FlagSelector<FlagDetails> {
  const selectFlag = createSelectFlag(flags, key);
  let details: FlagDetails | undefined;
  return (result) => {
    const { status, data, error, delivered } = result;
    const versionLabel = delivered?.versionLabel;
    const flag = selectFlag(result);
    const isFound = findFlag(data, key) !== undefined;
    const isStale = error !== undefined || delivered === undefined;
    const reason =
      status !== 'success' ? 'default' : !isFound ? 'missing' : isStale ? 'stale' : 'loaded';
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
