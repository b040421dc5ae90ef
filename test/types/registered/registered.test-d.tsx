import { expectTypeOf } from 'vitest';
import {
  Feature,
  useAppConfig,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  type FeatureFlags,
} from '../../../src/entries/index.ts';

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
    };
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
