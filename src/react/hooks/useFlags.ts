'use client';

import {
  perObject,
  readFlags,
  type DefaultFlagsProfileName,
  type FlagsOf,
  type FlagsProfileName,
  type ReadableProfile,
} from '../../client/index.ts';
import type { UntypedFeatureFlags } from '../../flags/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';

const allFlagsOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  profile.select<UntypedFeatureFlags>(readFlags),
);

/**
 * All flags of a profile, with the provider's defaults where a flag is not known. Renders again when
 * any flag changes: prefer `useFlag` where one flag is enough.
 */
export function useFlags<Profile extends FlagsProfileName = DefaultFlagsProfileName>(
  options?: FlagHookOptions<Profile>,
): FlagsOf<Profile>;
export function useFlags(options?: AnyFlagHookOptions): unknown {
  return useStore(allFlagsOf(useClientFor('useFlags').profile(options?.profile)));
}
