'use client';

import { useDeferredValue, type ReactElement, type ReactNode } from 'react';
import {
  askFlag,
  keepIfSame,
  readFlag,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type EnabledFlagOf,
  type FlagKey,
  type FlagsProfileName,
} from '../client/index.ts';
import { isFlagKnown, type UntypedFlag } from '../flags/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';

interface FeatureState {
  readonly flag: UntypedFlag;
  /** True while neither the flag nor a default for it is known. */
  readonly isPending: boolean;
}

const featureOf = /* @__PURE__ */ askFlag<FeatureState>((flags, key, last) =>
  keepIfSame(last, {
    flag: readFlag(flags, key, last?.flag),
    isPending: !flags.isSettled && !isFlagKnown(flags, key),
  }),
);

/** What `<Feature>` takes. */
export interface FeatureProps<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
> {
  /** The flag's name. */
  flag: Key;
  /**
   * The profile of the flag.
   * @default the provider's `flags`
   */
  profile?: Profile | undefined;
  /** Shown while the flag is on: nodes, or a function of the flag and its attributes. */
  children?: ReactNode | ((flag: EnabledFlagOf<Profile, Key>) => ReactNode);
  /** Shown while the flag is off or missing, and when the first poll failed. */
  fallback?: ReactNode;
  /** Shown until the flag or a default for it is known. */
  loading?: ReactNode;
  /**
   * Whether a flip is a transition: what is shown stays until what comes is ready, also when that is lazy code, and
   * `<ViewTransition>` animates. Leave it out where a flag must work at once, as a kill switch does.
   * @default false
   */
  transition?: boolean;
}

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function Feature<
  Key extends DeprecatedFlagKey<Profile>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(props: FeatureProps<Profile, Key>): ReactElement;
/**
 * Shows its children while a flag is on.
 *
 * @example
 * <Feature flag="new-checkout" fallback={<OldCheckout />} loading={<Skeleton />}>
 *   {(flag) => <Checkout maxItems={flag.maxItems} />}
 * </Feature>
 */
export function Feature<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
>(props: FeatureProps<Profile, Key>): ReactElement;
export function Feature<Profile extends FlagsProfileName, Key extends FlagKey<Profile>>({
  flag: key,
  profile,
  children,
  fallback,
  loading,
  transition = false,
}: FeatureProps<Profile, Key>): ReactElement {
  const client = useClientFor('<Feature>');
  const newest = useStore(featureOf(client.profile(profile), key));
  // Without a transition there is nothing to defer, and nothing to render twice for.
  const deferred = useDeferredValue(transition ? newest : undefined);
  const { flag, isPending } = deferred ?? newest;
  if (isPending) return <>{loading}</>;
  if (!isEnabled<EnabledFlagOf<Profile, Key>>(flag)) return <>{fallback}</>;
  return <>{typeof children === 'function' ? children(flag) : children}</>;
}

/** The registered type of an enabled flag is the app's word for what AWS AppConfig delivers. */
function isEnabled<Enabled>(flag: UntypedFlag | Enabled): flag is Enabled {
  return typeof flag === 'object' && flag !== null && 'enabled' in flag && flag.enabled === true;
}
