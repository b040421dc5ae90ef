import { expectTypeOf } from 'vitest';
import {
  AppConfigProvider,
  Feature,
  useAppConfig,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  useSuspenseFlag,
  useSuspenseFlags,
  type DeprecatedFlagKey,
  type FeatureFlags,
  type FlagKey,
  type FlagOf,
  type FlagsOf,
} from '../../../src/entries/index.ts';
import { memoryOverrides } from '../../../src/entries/overrides.ts';
import { createAppConfigServer } from '../../../src/entries/server.ts';
import { memorySource } from '../../../src/entries/sources.ts';

interface SiteSettings {
  title: string;
}

declare module '../../../src/entries/index.ts' {
  interface Register {
    profiles: {
      flags: FeatureFlags<{
        'dark-mode': Record<never, never>;
        checkout: { maxItems: number; plan: 'free' | 'paid'; steps: readonly string[] };
      }>;
      beta: FeatureFlags<{ search: { depth: number } }>;
      site: SiteSettings;
      motd: string;
    };
    deprecatedFlags: { flags: 'dark-mode' };
  }
}

const checkout = useFlag('checkout');
if (checkout.enabled) expectTypeOf(checkout.maxItems).toEqualTypeOf<number>();
// @ts-expect-error -- attributes are there only while the flag is on
void checkout.maxItems;
// @ts-expect-error -- a misspelt flag
useFlag('chekout');
// @ts-expect-error -- a flag of another profile
useFlag('search');
const search = useFlag('search', { profile: 'beta' });
if (search.enabled) expectTypeOf(search.depth).toEqualTypeOf<number>();
// @ts-expect-error -- a profile that nobody registered
useFlag('search', { profile: 'gamma' });

// @ts-expect-error -- a profile of text has no flags
useFlagEnabled('charAt', { profile: 'motd' });
// @ts-expect-error -- nor has one of settings
useFlag('title', { profile: 'site' });

// A deprecated flag has its own overloads, which editors strike through, and the same types.
expectTypeOf<DeprecatedFlagKey<'flags'>>().toEqualTypeOf<'dark-mode'>();
expectTypeOf<DeprecatedFlagKey<'beta'>>().toEqualTypeOf<never>();
expectTypeOf(useFlag('dark-mode')).toEqualTypeOf<FlagOf<'flags', 'dark-mode'>>();
const awaited = useSuspenseFlag('checkout');
if (awaited.enabled) expectTypeOf(awaited.maxItems).toEqualTypeOf<number>();
expectTypeOf(useSuspenseFlags()).toEqualTypeOf<FlagsOf<'flags'>>();
// @ts-expect-error -- a misspelt flag
useSuspenseFlag('chekout');

expectTypeOf(useFlagEnabled('dark-mode')).toEqualTypeOf<boolean>();
// @ts-expect-error -- a misspelt flag
useFlagEnabled('drak-mode');

expectTypeOf(useFlagValue('checkout', 'maxItems', 10)).toEqualTypeOf<number>();
expectTypeOf(useFlagValue('checkout', 'plan', 'free')).toEqualTypeOf<'free' | 'paid'>();
// @ts-expect-error -- a default of the wrong type
useFlagValue('checkout', 'maxItems', 'ten');
// @ts-expect-error -- a default that the attribute can never be
useFlagValue('checkout', 'plan', 'gold');
// @ts-expect-error -- a misspelt attribute
useFlagValue('checkout', 'maxItem', 10);
// @ts-expect-error -- `enabled` is no attribute
useFlagValue('checkout', 'enabled', true);

const { flag } = useFlagDetails('checkout');
if (flag.enabled) expectTypeOf(flag.plan).toEqualTypeOf<'free' | 'paid'>();

const all = useFlags();
if (all.checkout.enabled) expectTypeOf(all.checkout.maxItems).toEqualTypeOf<number>();

expectTypeOf(useAppConfig('site').data).toEqualTypeOf<SiteSettings | undefined>();
// @ts-expect-error -- a profile that nobody registered
useAppConfig('sight');

/** A hook of the app's own. */
export function useCompanyFlag<Key extends FlagKey<'flags'>>(key: Key): FlagOf<'flags', Key> {
  return useFlag(key);
}
const own = useCompanyFlag('checkout');
if (own.enabled) expectTypeOf(own.maxItems).toEqualTypeOf<number>();

// What is written by hand need not name every flag.
const name = { application: 'shop', environment: 'test', source: memorySource({ flags: {} }) };
const some = { flags: { 'dark-mode': { enabled: false } } } as const;
createAppConfigServer({ ...name, defaults: some });
memoryOverrides().setDocument('flags', some.flags);
export const provider = <AppConfigProvider {...name} defaults={some} />;
// @ts-expect-error -- a misspelt flag
createAppConfigServer({ ...name, defaults: { flags: { 'drak-mode': { enabled: false } } } });
// @ts-expect-error -- a document that is not of flags is given whole
createAppConfigServer({ ...name, defaults: { site: {} } });

export const typed = (
  <>
    <Feature flag="checkout">{(on) => <p>{on.maxItems.toFixed()}</p>}</Feature>
    <Feature flag="search" profile="beta">
      {(on) => <p>{on.depth.toFixed()}</p>}
    </Feature>
    {/* @ts-expect-error -- a misspelt flag */}
    <Feature flag="chekout" />
  </>
);
