import { expectTypeOf } from 'vitest';
import {
  AppConfigProvider,
  Feature,
  useFlag,
  useFlagEnabled,
  useFlagValue,
  type DefaultFlagsProfileName,
  type FeatureFlags,
  type FlagsProfileName,
} from '../../../src/entries/index.ts';
import { memorySource } from '../../../src/entries/sources.ts';

declare module '../../../src/entries/index.ts' {
  interface Register {
    profiles: {
      checkout: FeatureFlags<{ express: { maxItems: number } }>;
      search: FeatureFlags<{ fuzzy: { depth: number } }>;
      site: { title: string };
    };
  }
}

// Hooks that name no profile take the flags of any: which one it is, the provider's `flags` says.
expectTypeOf<FlagsProfileName>().toEqualTypeOf<'checkout' | 'search'>();
expectTypeOf<DefaultFlagsProfileName>().toEqualTypeOf<'checkout' | 'search'>();
expectTypeOf(useFlagEnabled('express')).toEqualTypeOf<boolean>();
expectTypeOf(useFlagValue('fuzzy', 'depth', 3)).toEqualTypeOf<number>();
const express = useFlag('express');
if (express.enabled) expectTypeOf(express.maxItems).toEqualTypeOf<number>();
const fuzzy = useFlag('fuzzy', { profile: 'search' });
if (fuzzy.enabled) expectTypeOf(fuzzy.depth).toEqualTypeOf<number>();
// @ts-expect-error -- a misspelt flag
useFlag('expres');
// @ts-expect-error -- a flag of the other profile
useFlag('fuzzy', { profile: 'checkout' });
// @ts-expect-error -- a profile without flags
useFlag('title', { profile: 'site' });

const options = { application: 'shop', environment: 'test', source: memorySource({}) };
export const app = (
  <AppConfigProvider {...options} flags="search">
    <Feature flag="fuzzy">{(on) => <p>{on.depth.toFixed()}</p>}</Feature>
  </AppConfigProvider>
);
// @ts-expect-error -- a profile without flags
export const broken = <AppConfigProvider {...options} flags="site" />;
