import type {
  AttributeValue,
  DisabledFlag,
  UntypedFeatureFlags,
  UntypedFlag,
} from './featureFlags.ts';
import { findOwn } from './findOwn.ts';

/** What stands in for an unknown flag. */
const DISABLED_FLAG: DisabledFlag = Object.freeze({ enabled: false });

/**
 * Why a flag has the value that it has: `override` while somebody has overridden it; `loaded` from
 * AWS AppConfig; `stale`, known, but the newest poll failed, or the configuration comes from a cache
 * and is older than a poll interval; `default` while nothing is known; `missing` when the configuration
 * is known and has no such flag.
 */
export type FlagReason = 'override' | 'loaded' | 'stale' | 'default' | 'missing';

/** All that is known of a profile's flags, in the order of precedence. */
export interface KnownFlags {
  /** What overrides the other two. */
  readonly overrides?: UntypedFeatureFlags | undefined;
  /** The last good configuration. */
  readonly loaded: UntypedFeatureFlags | undefined;
  /** What stands in for flags that are not known. */
  readonly defaults: UntypedFeatureFlags | undefined;
  /** Whether the configuration may have been replaced by a newer one since. */
  readonly isStale: boolean;
  /** The label of the last good configuration's version, if it has one. */
  readonly versionLabel?: string | undefined;
}

/** The value of a flag, and why it is that. */
export interface FlagEvaluation {
  readonly flag: UntypedFlag;
  readonly reason: FlagReason;
  /** The label of the version that says so; an override is of no version. */
  readonly versionLabel: string | undefined;
}

/** What a flag is: an override, else what was loaded, else the default, else disabled. */
export function evaluateFlag(
  { overrides, loaded, defaults, isStale, versionLabel }: KnownFlags,
  key: string,
): FlagEvaluation {
  const found = findOwn(loaded, key);
  const override = findOwn(overrides, key);
  if (override) {
    return { flag: overrideFlag(found, override), reason: 'override', versionLabel: undefined };
  }
  if (found) return { flag: found, reason: isStale ? 'stale' : 'loaded', versionLabel };
  const flag = findOwn(defaults, key) ?? DISABLED_FLAG;
  return { flag, reason: loaded ? 'missing' : 'default', versionLabel };
}

/** Whether there is a value for a flag, even if only a default. */
export function isFlagKnown({ overrides, loaded, defaults }: KnownFlags, key: string): boolean {
  return [overrides, loaded, defaults].some((flags) => findOwn(flags, key) !== undefined);
}

/** All flags, with the defaults of those that are not known. */
export function evaluateFlags({ overrides, loaded, defaults }: KnownFlags): UntypedFeatureFlags {
  const overridden = Object.entries(overrides ?? {}).map(([key, override]) => [
    key,
    overrideFlag(findOwn(loaded, key), override),
  ]);
  return { ...defaults, ...loaded, ...Object.fromEntries(overridden) };
}

/** An overridden flag that is on keeps its loaded attributes, except those that the override sets. */
function overrideFlag(found: UntypedFlag | undefined, override: UntypedFlag): UntypedFlag {
  return found?.enabled && override.enabled ? { ...found, ...override } : override;
}

/** The attribute of that name, if the flag is on and has it. */
export function findAttribute(flag: UntypedFlag, attribute: string): AttributeValue | undefined {
  return flag.enabled ? findOwn(flag, attribute) : undefined;
}
