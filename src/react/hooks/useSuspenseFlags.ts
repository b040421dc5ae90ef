'use client';

import {
  keepIfSame,
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
import { suspendUnlessKnown, toAwaited, toWaiting, type Waiting } from './suspend.ts';

interface AwaitedFlags extends Waiting {
  readonly flags: UntypedFeatureFlags;
}

const awaitedFlagsOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  profile.select<AwaitedFlags>((known, last) => {
    const isKnown = known.loaded !== undefined || known.defaults !== undefined;
    return keepIfSame(last, {
      flags: readFlags(known, last?.flags),
      ...toWaiting(isKnown, known),
    });
  }),
);

/**
 * Like `useFlags`, but suspends until the flags are known or the provider has defaults for the profile. Renders again
 * when any flag changes: prefer `useSuspenseFlag` where one flag is enough.
 *
 * @throws AppConfigError to the nearest error boundary, if the first poll fails and the provider has no defaults for
 * the profile. Rendering again after the session's back-off tries again.
 */
export function useSuspenseFlags<Profile extends FlagsProfileName = DefaultFlagsProfileName>(
  options?: FlagHookOptions<Profile>,
): FlagsOf<Profile>;
export function useSuspenseFlags(options?: AnyFlagHookOptions): unknown {
  const client = useClientFor('useSuspenseFlags');
  const profile = client.profile(options?.profile);
  const awaited = useStore(toAwaited(awaitedFlagsOf(profile)));
  suspendUnlessKnown(client, profile, awaited);
  return awaited.flags;
}
