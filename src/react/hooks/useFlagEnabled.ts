'use client';

import {
  askFlag,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type FlagKey,
  type FlagsProfileName,
} from '../../client/index.ts';
import { evaluateFlag } from '../../flags/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';

const isFlagEnabled = /* @__PURE__ */ askFlag(
  (flags, key) => evaluateFlag(flags, key).flag.enabled,
);

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function useFlagEnabled<
  Key extends DeprecatedFlagKey<Profile>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(key: Key, options?: FlagHookOptions<Profile>): boolean;
/**
 * Whether a flag is on. Renders again only when it is switched, not when its attributes change.
 *
 * @example
 * const isDark = useFlagEnabled('dark-mode');
 */
export function useFlagEnabled<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): boolean;
export function useFlagEnabled(key: string, options?: AnyFlagHookOptions): boolean {
  return useStore(isFlagEnabled(useClientFor('useFlagEnabled').profile(options?.profile), key));
}
