'use client';

import {
  askFlag,
  keepIfSame,
  readFlag,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type FlagKey,
  type FlagOf,
  type FlagsProfileName,
} from '../../client/index.ts';
import { isFlagKnown, type UntypedFlag } from '../../flags/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';
import { suspendUnlessKnown, toAwaited, toWaiting, type Waiting } from './suspend.ts';

interface AwaitedFlag extends Waiting {
  readonly flag: UntypedFlag;
}

const awaitedFlagOf = /* @__PURE__ */ askFlag<AwaitedFlag>((flags, key, last) => {
  // A document without the flag says that there is none.
  const isKnown = flags.loaded !== undefined || isFlagKnown(flags, key);
  return keepIfSame(last, {
    flag: readFlag(flags, key, last?.flag),
    ...toWaiting(isKnown, flags),
  });
});

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function useSuspenseFlag<
  Key extends DeprecatedFlagKey<Profile>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(key: Key, options?: FlagHookOptions<Profile>): FlagOf<Profile, Key>;
/**
 * Like `useFlag`, but suspends until the flag is known or has a default. Renders again only when this flag changes.
 *
 * @throws AppConfigError to the nearest error boundary, if the first poll fails and the provider has no default for
 * the flag. Rendering again after the session's back-off tries again.
 *
 * @example
 * const checkout = useSuspenseFlag('new-checkout');
 * return checkout.enabled ? <Checkout maxItems={checkout.maxItems} /> : <OldCheckout />;
 */
export function useSuspenseFlag<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(key: Key, options?: FlagHookOptions<Profile>): FlagOf<Profile, Key>;
export function useSuspenseFlag(key: string, options?: AnyFlagHookOptions): unknown {
  const client = useClientFor('useSuspenseFlag');
  const profile = client.profile(options?.profile);
  const awaited = useStore(toAwaited(awaitedFlagOf(profile, key)));
  suspendUnlessKnown(client, profile, awaited);
  return awaited.flag;
}
