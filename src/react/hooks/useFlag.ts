'use client';

import {
  askFlag,
  readFlag,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type FlagKey,
  type FlagOf,
  type FlagsProfileName,
} from '../../client/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';

const flagOf = /* @__PURE__ */ askFlag(readFlag);

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function useFlag<
  Key extends DeprecatedFlagKey<Profile>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(key: Key, options?: FlagHookOptions<Profile>): FlagOf<Profile, Key>;
/**
 * A flag with its attributes. Renders again only when this flag changes. Before the first
 * configuration, and for a flag that does not exist, it is the provider's default for the flag, or
 * `{ enabled: false }`; `useFlagDetails` reports which of these it is.
 *
 * @example
 * const checkout = useFlag('new-checkout');
 * return checkout.enabled ? <Checkout maxItems={checkout.maxItems} /> : <OldCheckout />;
 */
export function useFlag<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): FlagOf<Profile, Key>;
export function useFlag(key: string, options?: AnyFlagHookOptions): unknown {
  return useStore(flagOf(useClientFor('useFlag').profile(options?.profile), key));
}
