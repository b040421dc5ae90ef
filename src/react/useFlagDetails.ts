'use client';

import {
  flagDetailsOf,
  type FlagDetails,
  type FlagKey,
  type FlagOf,
  type FlagsProfileName,
  type ProfileName,
} from '../client/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';
import type { FlagHookOptions } from './flagHookOptions.ts';

/**
 * A flag together with where its value comes from: the reason, the variant, the version and the last
 * error. Renders again when any of these changes.
 *
 * @example
 * const { flag, reason } = useFlagDetails('new-checkout');
 * if (reason === 'default') return <Skeleton />; // nothing is known yet
 */
export function useFlagDetails<
  Profile extends ProfileName = FlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): FlagDetails<FlagOf<Profile, Key>>;
export function useFlagDetails(key: string, options?: FlagHookOptions<ProfileName>): unknown {
  return useStore(flagDetailsOf(useClientFor('useFlagDetails').profile(options?.profile), key));
}
