'use client';

import {
  isFlagEnabled,
  type FlagKey,
  type FlagsProfileName,
  type ProfileName,
} from '../client/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';
import type { FlagHookOptions } from './flagHookOptions.ts';

/**
 * Whether a flag is on. Renders again only when it is switched, not when its attributes change.
 *
 * @example
 * const isDark = useFlagEnabled('dark-mode');
 */
export function useFlagEnabled<
  Profile extends ProfileName = FlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): boolean {
  return useStore(isFlagEnabled(useClientFor('useFlagEnabled').profile(options?.profile), key));
}
