'use client';

import {
  allFlagsOf,
  type FlagsOf,
  type FlagsProfileName,
  type ProfileName,
} from '../client/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';
import type { FlagHookOptions } from './flagHookOptions.ts';

/**
 * All flags of a profile, with the provider's defaults where a flag is not known. Renders again when
 * any flag changes: prefer `useFlag` where one flag is enough.
 */
export function useFlags<Profile extends ProfileName = FlagsProfileName>(
  options?: FlagHookOptions<Profile>,
): FlagsOf<Profile>;
export function useFlags({ profile }: FlagHookOptions<ProfileName> = {}): unknown {
  return useStore(allFlagsOf(useClientFor('useFlags').profile(profile)));
}
