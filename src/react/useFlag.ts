'use client';

import {
  flagOf,
  type FlagKey,
  type FlagOf,
  type FlagsProfileName,
  type ProfileName,
} from '../client/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';
import type { FlagHookOptions } from './flagHookOptions.ts';

/**
 * A flag with its attributes. Renders again only when this flag changes. Before the first
 * configuration, and for a flag that does not exist, it is the provider's default for the flag, or
 * `{ enabled: false }`; `useFlagDetails` tells which of these it is.
 *
 * @example
 * const checkout = useFlag('new-checkout');
 * return checkout.enabled ? <Checkout maxItems={checkout.maxItems} /> : <OldCheckout />;
 */
export function useFlag<
  Profile extends ProfileName = FlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): FlagOf<Profile, Key>;
export function useFlag(key: string, options?: FlagHookOptions<ProfileName>): unknown {
  return useStore(flagOf(useClientFor('useFlag').profile(options?.profile), key));
}
