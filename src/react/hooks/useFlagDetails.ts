'use client';

import {
  askFlag,
  keepIfSame,
  readFlag,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type FlagDetails,
  type FlagKey,
  type FlagOf,
  type FlagsProfileName,
} from '../../client/index.ts';
import { evaluateFlag } from '../../flags/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';

const flagDetailsOf = /* @__PURE__ */ askFlag<FlagDetails>((flags, key, last) => {
  const { reason, versionLabel } = evaluateFlag(flags, key);
  const flag = readFlag(flags, key, last?.flag);
  return keepIfSame(last, {
    flag,
    variant: flag._variant,
    reason,
    versionLabel,
    error: flags.error,
  });
});

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function useFlagDetails<
  Key extends DeprecatedFlagKey<Profile>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(key: Key, options?: FlagHookOptions<Profile>): FlagDetails<FlagOf<Profile, Key>>;
/**
 * A flag together with where its value comes from: the reason, the variant, the version and the last
 * error. Renders again when any of these changes.
 *
 * @example
 * const { flag, reason } = useFlagDetails('new-checkout');
 * if (reason === 'default') return <Skeleton />; // nothing is known yet
 */
export function useFlagDetails<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): FlagDetails<FlagOf<Profile, Key>>;
export function useFlagDetails(key: string, options?: AnyFlagHookOptions): unknown {
  return useStore(flagDetailsOf(useClientFor('useFlagDetails').profile(options?.profile), key));
}
