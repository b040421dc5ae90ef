import * as React from 'react';
import {
  AppConfigClient,
  AppConfigProvider,
  Feature,
  useAppConfig,
  useAppConfigStatus,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  useSuspenseAppConfig,
  useSuspenseFlag,
  type FeatureFlags,
  type FlagKey,
  type FlagOf,
} from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import { createEmulator } from 'react-appconfig/emulator';
import { serveEmulator } from 'react-appconfig/emulator/node';
import { multiVariantFlags } from 'react-appconfig/emulator/variants';
import { OpenFeatureAppConfigProvider } from 'react-appconfig/openfeature';
import { memoryOverrides } from 'react-appconfig/overrides';
import { createAppConfigHandler, createAppConfigServer } from 'react-appconfig/server';
import { ConfigurationSession } from 'react-appconfig/session';
import { memorySource } from 'react-appconfig/sources';
import { AppConfigTestProvider, createTestAppConfig, flagMatrix } from 'react-appconfig/testing';

interface SiteSettings {
  title: string;
}

declare module 'react-appconfig' {
  interface Register {
    profiles: {
      flags: FeatureFlags<{ 'new-checkout': { maxItems: number }; 'dark-mode': {} }>;
      'site-settings': SiteSettings;
    };
    deprecatedFlags: { flags: 'dark-mode' };
  }
}

declare const schema: {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => { readonly value: SiteSettings };
    readonly types?: { readonly input: SiteSettings; readonly output: SiteSettings } | undefined;
  };
};

const source = agentSource();
export const others = [
  memorySource({ flags: {} }),
  appConfigDataSource({ region: 'eu-central-1' }),
];
export const parts = [createEmulator, serveEmulator, multiVariantFlags, ConfigurationSession];
export const provider = new OpenFeatureAppConfigProvider(
  new AppConfigClient({ application: 'shop', environment: 'test', source, flags: 'flags' }),
  { profile: 'flags', toEvaluationContext: ({ targetingKey }) => ({ entityId: targetingKey }) },
);
export const handler = createAppConfigHandler({
  application: 'shop',
  environment: 'test',
  source,
  profiles: { flags: { allow: 'all' } },
});

// What is written by hand need not name every flag.
const some = { flags: { 'dark-mode': { enabled: false } } } as const;
export const { getFlag, getConfiguration, prefetchAppConfig, createHandler } =
  createAppConfigServer({
    application: 'shop',
    environment: 'test',
    source,
    defaults: some,
  });
createTestAppConfig({ documents: some }).setDocument('flags', some.flags);

export function useCompanyFlag<Key extends FlagKey<'flags'>>(key: Key): FlagOf<'flags', Key> {
  return useFlag(key);
}
export const useCheckout = () => useFlagDetails('new-checkout');

function Checkout() {
  const flag = useFlag('new-checkout');
  const limit: number = useFlagValue('new-checkout', 'maxItems', 10);
  const settings = useAppConfig('site-settings', { schema });
  const title: string | undefined = settings.data?.title;
  const length: number | undefined = useAppConfig('site-settings', {
    schema,
    select: (document) => document.title.length,
  }).data;
  const sure: SiteSettings = useSuspenseAppConfig('site-settings', { schema }).data;
  const isDark: boolean = useFlagEnabled('dark-mode');
  // @ts-expect-error -- no such flag is registered
  useFlagEnabled('dark-mod');
  const { reason } = useFlagDetails('dark-mode');
  const isReady: boolean = useSuspenseFlag('dark-mode').enabled && useFlag('dark-mode').enabled;
  const { pollCount } = useAppConfigStatus();
  return (
    <p>
      {String(flag.enabled && flag.maxItems + limit)} {title} {length} {sure.title} {reason}
      {String(isDark && isReady)} {pollCount} {Object.keys(useFlags()).join()}
    </p>
  );
}

export function App() {
  return (
    <AppConfigProvider
      application="shop"
      environment="test"
      flags="flags"
      source={source}
      overrides={memoryOverrides()}
      defaults={some}
    >
      <Feature flag="new-checkout" fallback={<p>old</p>}>
        <Checkout />
      </Feature>
      <Feature flag="dark-mode">dark</Feature>
    </AppConfigProvider>
  );
}

export const stories = flagMatrix(['new-checkout', 'dark-mode']).map(({ flags }) => (
  <AppConfigTestProvider flags={flags}>
    <Checkout />
  </AppConfigTestProvider>
));
