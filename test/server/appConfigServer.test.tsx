import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import type { AppConfigError } from '../../src/errors/index.ts';
import {
  appConfigQueryKey,
  AppConfigProvider,
  useFlagDetails,
  useFlags,
} from '../../src/entries/index.ts';
import { createAppConfigServer, type AppConfigServerOptions } from '../../src/entries/server.ts';
import { createInPageAgentSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock, settle } from '../support/manualClock.ts';
import { ask, FLAGS, PATH, SHOP } from './setup.ts';

const SETTINGS = { title: 'Shop', perPage: 20 };

function setupServer(options: Partial<AppConfigServerOptions> = {}) {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ multiVariantFlags, clock });
  const errors: AppConfigError[] = [];
  emulator.deploy({ ...SHOP, profile: 'flags', content: FLAGS, versionLabel: 'v1' });
  emulator.deploy({ ...SHOP, profile: 'site-settings', content: SETTINGS });
  const source = createInPageAgentSource(emulator, { name: 'agent' });
  const server = createAppConfigServer({
    ...SHOP,
    source,
    flags: 'flags',
    clock,
    random: () => 0,
    onError: (error) => errors.push(error),
    ...options,
  });
  return { ...server, server, source, clock, emulator, errors };
}

describe('createAppConfigServer', () => {
  it('reads flags and documents with one upstream request per profile, however many pages do', async () => {
    const { getFlag, getFlags, getFlagDetails, getConfiguration, emulator } = setupServer();
    const pages = Array.from({ length: 50 }, () => getFlag('new-checkout'));
    expect(new Set(await Promise.all(pages)).size).toBe(1);
    expect(await getFlag('new-checkout')).toEqual({ enabled: true, maxItems: 20 });
    expect(await getFlags()).toEqual(FLAGS);
    expect(await getFlagDetails('dark-mode')).toEqual({
      flag: { enabled: true },
      variant: undefined,
      reason: 'loaded',
      versionLabel: 'v1',
      error: undefined,
    });
    const schema = z.object({ title: z.string(), perPage: z.number() });
    expect((await getConfiguration('site-settings', { schema })).perPage).toBe(20);
    expect(emulator.requests).toHaveLength(2);
  });

  it('gives an override no version, as a page gives it none', async () => {
    const { getFlagDetails } = setupServer();
    const overrides = {
      flags: { flags: { 'dark-mode': { enabled: false } } },
    };
    expect(await getFlagDetails('dark-mode', { overrides })).toMatchObject({
      flag: { enabled: false },
      reason: 'override',
      versionLabel: undefined,
    });
    expect(await getFlagDetails('new-checkout', { overrides })).toMatchObject({
      reason: 'loaded',
      versionLabel: 'v1',
    });
  });

  it('needs no `this`, and reads another profile where it is named', async () => {
    const { server, emulator } = setupServer();
    emulator.deploy({ ...SHOP, profile: 'more', content: { beta: { enabled: true } } });
    const { getFlag } = server;
    expect(await getFlag('beta', { profile: 'more' })).toEqual({ enabled: true });
  });

  it('shows what is known while the next version is on its way', async () => {
    const { getFlag, emulator, clock } = setupServer();
    await getFlag('dark-mode');
    emulator.deploy({ ...SHOP, profile: 'flags', content: { 'dark-mode': { enabled: false } } });
    await clock.advance(60_000);
    expect(await getFlag('dark-mode')).toEqual({ enabled: true });
    await settle();
    expect(await getFlag('dark-mode')).toEqual({ enabled: false });
  });

  it('waits for the next version where nobody has asked for a while, and no longer than a second', async () => {
    const { getFlag, emulator, clock } = setupServer();
    await getFlag('dark-mode');
    emulator.deploy({ ...SHOP, profile: 'flags', content: { 'dark-mode': { enabled: false } } });
    await clock.advance(24 * 60 * 60_000);
    expect(await getFlag('dark-mode')).toEqual({ enabled: false });

    let answers = 0;
    const hanging = setupServer({
      source: {
        name: 'hanging',
        getLatestConfiguration: () => {
          answers += 1;
          return answers > 1
            ? new Promise(() => {})
            : Promise.resolve({
                configuration: new TextEncoder().encode('{"a":{"enabled":true}}'),
                contentType: 'application/json',
                nextToken: '1',
                nextPollIntervalInSeconds: 60,
              });
        },
      },
    });
    await hanging.getFlag('a');
    await hanging.clock.advance(90_000);
    let isAnswered = false;
    const late = hanging.getFlag('a').then((flag) => {
      isAnswered = true;
      return flag;
    });
    await hanging.clock.advance(900);
    expect(isAnswered).toBe(false);
    await hanging.clock.advance(200);
    expect(await late).toEqual({ enabled: true });
    expect(await hanging.getFlag('a')).toEqual({ enabled: true });
    expect(answers).toBe(2);
  });

  it('evaluates flags for each audience, and keeps the answers apart', async () => {
    const { getFlagDetails, emulator } = setupServer();
    emulator.deploy({
      ...SHOP,
      profile: 'flags',
      content: {
        version: '1',
        flags: { banner: { name: 'Banner' } },
        values: {
          banner: {
            _variants: [
              { name: 'pro', enabled: true, rule: '(eq $plan "pro")' },
              { name: 'everybody', enabled: false },
            ],
          },
        },
      },
    });
    const variantFor = async (plan: string) =>
      (await getFlagDetails('banner', { context: { plan } })).variant;
    expect(await Promise.all(['pro', 'free', 'pro'].map(variantFor))).toEqual([
      'pro',
      'everybody',
      'pro',
    ]);
    expect(emulator.requests).toHaveLength(2);
  });

  it('uses the default if nothing can be loaded, and reports it', async () => {
    const { getFlagDetails, getFlag, getConfiguration, emulator, errors } = setupServer({
      defaults: {
        flags: { 'dark-mode': { enabled: true } },
        'site-settings': { title: 'Default' },
      },
    });
    emulator.inject({ kind: 'error', status: 503, times: 100 });
    const { flag, reason, error } = await getFlagDetails('dark-mode');
    expect([flag, reason, error?.code]).toEqual([{ enabled: true }, 'default', 'ServiceFailure']);
    expect(await getFlag('unknown')).toEqual({ enabled: false });
    expect(await getConfiguration('site-settings')).toEqual({ title: 'Default' });
    await expect(getConfiguration('other')).rejects.toThrow(
      'GetConfiguration was answered with status',
    );
    expect(errors.map(({ profile }) => profile)).toEqual(['flags', 'site-settings', 'other']);
  });

  it('keeps the last good version through an outage, as stale, and comes back within an interval', async () => {
    const { getFlagDetails, emulator, clock } = setupServer();
    await getFlagDetails('dark-mode');
    emulator.inject({ kind: 'error', status: 503, times: 1_000 });
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(60_000);
      const { flag } = await getFlagDetails('dark-mode');
      expect(flag.enabled).toBe(true);
      await settle();
    }
    expect((await getFlagDetails('dark-mode')).reason).toBe('stale');
    emulator.clearFaults();
    await clock.advance(60_000);
    await getFlagDetails('dark-mode');
    await settle();
    expect(await getFlagDetails('dark-mode')).toMatchObject({ reason: 'loaded', error: undefined });
  });

  it('awaits beforeRead before it reads', async () => {
    const waited: string[] = [];
    const { getFlag } = setupServer({
      beforeRead: async () => {
        waited.push('io');
      },
    });
    await getFlag('dark-mode');
    expect(waited).toEqual(['io']);
  });

  it('refuses whom it cannot ask for, in production too', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { getFlag, emulator } = setupServer();
    const people = [
      { entityId: 'x'.repeat(2_049) },
      { entityId: '' },
      { context: JSON.parse('{"age":[3]}') },
    ];
    for (const person of people) {
      await expect(getFlag('dark-mode', person)).rejects.toMatchObject({ code: 'InvalidArgument' });
    }
    expect(emulator.requests).toHaveLength(0);
  });

  it.each<[string, Partial<AppConfigServerOptions>]>([
    ['application', { application: '' }],
    ['flags', { defaults: { flags: JSON.parse('{"dark-mode":true}') } }],
    ['allow', { profiles: JSON.parse('{"flags":{}}') }],
  ])('is refused when it is made with a wrong option: %s', (told, options) => {
    expect(() => setupServer(options)).toThrow(told);
  });
});

describe('prefetchAppConfig', () => {
  const profiles = { flags: { allow: ['new-checkout'] } };

  it('lets the page show what the server showed, and ask for nothing before the interval is over', async () => {
    const { prefetchAppConfig, source, emulator, clock } = setupServer({ profiles });
    const queryClient = new QueryClient();
    await prefetchAppConfig(queryClient);
    const state = structuredClone(dehydrate(queryClient));
    function Checkout() {
      const { flag, reason, versionLabel } = useFlagDetails('new-checkout');
      return (
        <p>{`${JSON.stringify(flag)} ${reason} ${versionLabel}, ${Object.keys(useFlags())}`}</p>
      );
    }
    const html = renderToString(
      <QueryClientProvider client={new QueryClient()}>
        <HydrationBoundary state={state}>
          <AppConfigProvider {...SHOP} source={source} flags="flags" clock={clock}>
            <Checkout />
          </AppConfigProvider>
        </HydrationBoundary>
      </QueryClientProvider>,
    );
    expect(html.replaceAll('&quot;', '"')).toBe(
      '<p>{"enabled":true,"maxItems":20} loaded v1, new-checkout</p>',
    );
    expect(emulator.requests).toHaveLength(1);
  });

  it('puts nothing into the page that may not leave the server', async () => {
    const { prefetchAppConfig } = setupServer({ profiles });
    const queryClient = new QueryClient();
    await prefetchAppConfig(queryClient);
    expect(JSON.stringify(dehydrate(queryClient))).not.toContain('Example Inc.');
    await expect(
      prefetchAppConfig(queryClient, { profiles: ['site-settings'] }),
    ).rejects.toMatchObject({ code: 'InvalidArgument', profile: 'site-settings' });
  });

  it('leaves out what cannot be loaded', async () => {
    const { prefetchAppConfig, emulator, errors } = setupServer({ profiles });
    emulator.inject({ kind: 'error', status: 503, times: 100 });
    const queryClient = new QueryClient();
    await prefetchAppConfig(queryClient);
    expect(dehydrate(queryClient).queries).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  it('prefetches only for the person whose page it is', async () => {
    const { prefetchAppConfig, source } = setupServer({ profiles });
    const queryClient = new QueryClient();
    const who = { entityId: 'jane', context: { plan: 'pro' } };
    await prefetchAppConfig(queryClient, who);
    const seen: string[] = [];
    function Reason() {
      seen.push(useFlagDetails('new-checkout').reason);
      return null;
    }
    for (const asked of [who, {}]) {
      renderToString(
        <AppConfigProvider
          {...SHOP}
          {...asked}
          source={source}
          flags="flags"
          queryClient={queryClient}
        >
          <Reason />
        </AppConfigProvider>,
      );
    }
    expect(seen).toEqual(['loaded', 'default']);
  });
});

describe('the names of a page and its server', () => {
  const profiles = { flags: { allow: ['new-checkout'] } };

  it('are not guessed: README and guide name both', async () => {
    const emulator = createStrictEmulator();
    emulator.deploy({ ...SHOP, profile: 'flags', content: FLAGS });
    const unnamed = createInPageAgentSource(emulator);
    const { prefetchAppConfig } = setupServer({ source: unnamed, profiles });
    const queryClient = new QueryClient();
    await expect(prefetchAppConfig(queryClient)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining('sourceName'),
    });
    const named = setupServer({ source: unnamed, profiles, sourceName: 'shop' });
    await named.prefetchAppConfig(queryClient);
    expect(
      queryClient.getQueryData(appConfigQueryKey({ name: 'shop' }, 'shop', 'production', 'flags')),
    ).toBeDefined();
  });
});

describe('what cannot be read here', () => {
  it('is handed on by the handler, and never read as text', async () => {
    const profiles = { settings: { allow: 'all' } } as const;
    const { getConfiguration, prefetchAppConfig, createHandler, emulator, errors } = setupServer({
      profiles,
    });
    const content = 'perPage: 20';
    const yaml = { ...SHOP, profile: 'settings', content, contentType: 'application/x-yaml' };
    emulator.deploy(yaml);
    await expect(getConfiguration('settings')).rejects.toMatchObject({
      code: 'UnsupportedContentType',
    });
    const queryClient = new QueryClient();
    await prefetchAppConfig(queryClient);
    expect(dehydrate(queryClient).queries).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['UnsupportedContentType']);
    expect((await ask(createHandler(), `${PATH}/settings`)).text).toBe(content);
  });
});

describe('what may leave the server', () => {
  it('is reported once if it is the name of no flag, in development', async () => {
    const { getFlag, emulator, clock, errors } = setupServer({
      profiles: { flags: { allow: ['new-checkout', 'chekout'] } },
    });
    await getFlag('new-checkout');
    emulator.deploy({ ...SHOP, profile: 'flags', content: { 'new-checkout': { enabled: true } } });
    await clock.advance(60_000);
    await getFlag('new-checkout');
    await settle();
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('allows chekout'),
    ]);
  });
});

describe('onExposure of a server', () => {
  it('hears of what was read, with variant and entity, and of no override', async () => {
    const exposures: unknown[] = [];
    const { getFlag, getFlagDetails } = setupServer({
      onExposure: (exposure) => exposures.push(exposure),
    });
    await getFlag('new-checkout', { entityId: 'jane' });
    await getFlagDetails('dark-mode');
    await getFlag('dark-mode', {
      overrides: { flags: { flags: { 'dark-mode': { enabled: false } } } },
    });
    await settle();
    expect(exposures).toEqual([
      {
        profile: 'flags',
        flag: 'new-checkout',
        variant: undefined,
        value: FLAGS['new-checkout'],
        reason: 'loaded',
        versionLabel: 'v1',
        entityId: 'jane',
      },
      expect.objectContaining({ flag: 'dark-mode', entityId: undefined }),
    ]);
  });
});

it('hands out a handler over the same upstream sessions', async () => {
  const { createHandler, getFlag, emulator } = setupServer({
    profiles: { flags: { allow: ['dark-mode'] } },
  });
  const handler = createHandler({ basePath: '/flags' });
  await getFlag('dark-mode');
  const answer = await ask(handler, `/flags${PATH}/flags`);
  expect(answer.json()).toEqual({ 'dark-mode': { enabled: true } });
  expect(emulator.requests).toHaveLength(1);
});
