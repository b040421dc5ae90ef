import {
  OpenFeatureProvider,
  useBooleanFlagValue,
  useNumberFlagValue,
} from '@openfeature/react-sdk';
import {
  ErrorCode,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
  type EventDetails,
} from '@openfeature/web-sdk';
import { render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import { AppConfigClient, AppConfigProvider, useFlag } from '../../src/entries/index.ts';
import { OpenFeatureAppConfigProvider } from '../../src/entries/openfeature.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { createInPageAgentSource, createStrictEmulator } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

afterEach(() => OpenFeature.clearProviders());

/** A client with our provider, after its first poll. */
async function start(options: Parameters<typeof setup>[0] = {}) {
  const app = setup(options);
  const client = new AppConfigClient(app.props);
  const isSet = OpenFeature.setProviderAndWait(new OpenFeatureAppConfigProvider(client));
  await advance();
  return { ...app, client, isSet, flags: OpenFeature.getClient() };
}

/** Emulates flags with variants by plan, and a client that may ask for an audience. */
function setupVariants() {
  const { props } = setup();
  const emulator = createStrictEmulator({ multiVariantFlags });
  emulator.deploy({
    ...NAME,
    profile: 'flags',
    content: {
      version: '1',
      flags: {
        banner: { name: 'Banner', attributes: { text: { constraints: { type: 'string' } } } },
      },
      values: {
        banner: {
          _variants: [
            {
              name: 'thanks',
              enabled: true,
              attributeValues: { text: 'Thanks' },
              rule: '(eq $plan "pro")',
            },
            { name: 'upgrade', enabled: true, attributeValues: { text: 'Upgrade' } },
          ],
        },
      },
    },
  });
  return { emulator, props: { ...props, source: createInPageAgentSource(emulator) } };
}

describe('OpenFeatureAppConfigProvider', () => {
  it('answers flags as booleans, and attributes by the name of their flag', async () => {
    const { flags, isSet } = await start();
    await isSet;
    expect(flags.getBooleanValue('dark-mode', false)).toBe(true);
    expect(flags.getBooleanValue('old-thing', true)).toBe(false);
    expect(flags.getNumberValue('new-checkout.maxItems', 1)).toBe(20);
    expect(flags.getStringValue('new-checkout.title', '')).toBe('Basket');
    expect(flags.getObjectValue('new-checkout.steps', [])).toEqual(['cart', 'pay']);
    const { enabled: _enabled, ...attributes } = FLAGS['new-checkout'];
    expect(flags.getObjectValue('new-checkout', {})).toEqual(attributes);
  });

  it('says why a value is what it is', async () => {
    const { flags, deploy } = await start({
      defaults: { flags: { 'not-yet': { enabled: true, size: 3 } } },
    });
    deploy({ ...FLAGS, banner: { enabled: true, _variant: 'red' } });
    await advance(MINUTE_MS);
    expect(flags.getBooleanDetails('dark-mode', false)).toMatchObject({ reason: 'STATIC' });
    expect(flags.getBooleanDetails('banner', false)).toMatchObject({
      reason: 'TARGETING_MATCH',
      variant: 'red',
    });
    expect(flags.getBooleanDetails('old-thing', true)).toMatchObject({ value: false });
    expect(flags.getNumberDetails('old-thing.size', 7)).toMatchObject({
      value: 7,
      reason: 'DISABLED',
    });
    expect(flags.getNumberDetails('not-yet.size', 7)).toMatchObject({
      value: 3,
      reason: 'DEFAULT',
    });
  });

  it('gives the default and an error code for what it cannot answer', async () => {
    const { flags } = await start();
    expect(flags.getBooleanDetails('dark-mod', true)).toMatchObject({
      value: true,
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    expect(flags.getBooleanDetails('__proto__', true)).toMatchObject({
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    expect(flags.getStringDetails('new-checkout.maxItems', 'ten')).toMatchObject({
      value: 'ten',
      errorCode: ErrorCode.TYPE_MISMATCH,
    });
    expect(flags.getNumberDetails('new-checkout', 1)).toMatchObject({
      errorCode: ErrorCode.FLAG_NOT_FOUND,
      errorMessage: expect.stringContaining('"new-checkout.maxItems"'),
    });
    expect(flags.getNumberDetails('new-checkout.minItems', 1)).toMatchObject({
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
  });

  it('reads a flag whose name has a dot', async () => {
    const { flags, deploy } = await start();
    deploy({ 'a.b': { enabled: true, size: 4 }, a: { enabled: true, b: 'other' } });
    await advance(MINUTE_MS);
    expect(flags.getBooleanValue('a.b', false)).toBe(true);
  });

  it('is not ready before its first poll, in error after one that failed, and ready after recovery', async () => {
    const app = setup();
    app.emulator.inject({ kind: 'error', status: 403, times: 1 });
    const provider = new OpenFeatureAppConfigProvider(new AppConfigClient(app.props));
    const isSet = OpenFeature.setProviderAndWait(provider);
    const flags = OpenFeature.getClient();
    expect(flags.getBooleanDetails('dark-mode', false).errorCode).toBe(
      ErrorCode.PROVIDER_NOT_READY,
    );
    expect(provider.resolveBooleanEvaluation('dark-mode', false).errorCode).toBe(
      ErrorCode.PROVIDER_NOT_READY,
    );
    const outcome = isSet.catch((error: unknown) => error);
    await advance();
    expect(await outcome).toMatchObject({ code: 'AccessDenied' });
    expect(flags.providerStatus).toBe(ProviderStatus.ERROR);
    expect(flags.getBooleanDetails('dark-mode', false)).toMatchObject({
      errorCode: ErrorCode.GENERAL,
      errorMessage: expect.stringContaining('credentials'),
    });
    await advance(MINUTE_MS);
    expect(flags.providerStatus).toBe(ProviderStatus.READY);
    expect(flags.getBooleanValue('dark-mode', false)).toBe(true);
  });

  it('tells which flags a new version or an override has changed, and nothing of an unchanged poll', async () => {
    const overrides = memoryOverrides();
    const { flags, deploy } = await start({ overrides });
    const told: EventDetails['flagsChanged'][] = [];
    flags.addHandler(ProviderEvents.ConfigurationChanged, (event) =>
      told.push(event?.flagsChanged),
    );
    await advance(2 * MINUTE_MS);
    expect(told).toEqual([]);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false }, extra: { enabled: true } });
    await advance(MINUTE_MS);
    overrides.setFlag('old-thing', true);
    deploy({ ...FLAGS, 'new-checkout': { enabled: true, maxItems: 20, title: 'Cart' } });
    await advance(MINUTE_MS);
    expect(told).toEqual([
      ['dark-mode', 'extra'],
      ['old-thing'],
      ['dark-mode', 'new-checkout', 'new-checkout.title', 'new-checkout.steps', 'extra'],
    ]);
    expect(flags.getBooleanDetails('old-thing', false)).toMatchObject({
      value: true,
      reason: 'OVERRIDE',
    });
  });

  it('keeps its values while polls fail, and says that they are stale', async () => {
    const { flags, emulator } = await start();
    const told: string[] = [];
    for (const event of [ProviderEvents.Stale, ProviderEvents.Ready] as const) {
      flags.addHandler(event, () => told.push(event));
    }
    told.length = 0;
    emulator.inject({ kind: 'error', status: 503, times: 3 });
    await advance(MINUTE_MS);
    expect(flags.providerStatus).toBe(ProviderStatus.STALE);
    expect(flags.getBooleanDetails('dark-mode', false)).toMatchObject({
      value: true,
      reason: 'STALE',
    });
    await advance(5 * MINUTE_MS);
    expect(told).toEqual([ProviderEvents.Stale, ProviderEvents.Ready]);
  });

  it('evaluates for the context of OpenFeature, and keeps the old values until the new ones are there', async () => {
    const { props, emulator } = setupVariants();
    await OpenFeature.setContext({ targetingKey: 'ada', plan: 'free', visits: 3, tags: ['new'] });
    const isSet = OpenFeature.setProviderAndWait(
      new OpenFeatureAppConfigProvider(new AppConfigClient(props)),
    );
    await advance();
    await isSet;
    const flags = OpenFeature.getClient();
    expect(flags.getStringDetails('banner.text', '')).toMatchObject({
      value: 'Upgrade',
      variant: 'upgrade',
    });
    const isChanged = OpenFeature.setContext({ targetingKey: 'ada', plan: 'pro' });
    expect(flags.getStringValue('banner.text', '')).toBe('Upgrade');
    await advance();
    await isChanged;
    expect(flags.getStringValue('banner.text', '')).toBe('Thanks');
    expect(flags.providerStatus).toBe(ProviderStatus.READY);
    expect(emulator.requests).toHaveLength(2);
    await OpenFeature.clearContext();
  });

  it('keeps the old values where the first poll for a new context fails, and comes back', async () => {
    const { props, emulator } = setupVariants();
    const isSet = OpenFeature.setProviderAndWait(
      new OpenFeatureAppConfigProvider(
        new AppConfigClient({ ...props, context: { plan: 'free' } }),
      ),
    );
    await advance();
    await isSet;
    const flags = OpenFeature.getClient();
    emulator.inject({ kind: 'error', status: 503, times: 1 });
    void OpenFeature.setContext({ plan: 'pro' });
    await advance();
    expect(flags.providerStatus).toBe(ProviderStatus.ERROR);
    expect(flags.getStringValue('banner.text', '')).toBe('Upgrade');
    await advance(MINUTE_MS);
    expect(flags.providerStatus).toBe(ProviderStatus.READY);
    expect(flags.getStringValue('banner.text', '')).toBe('Thanks');
    await OpenFeature.clearContext();
  });

  it('waits for the first poll, even if something is overridden before it', async () => {
    const { props } = setup();
    const overrides = memoryOverrides();
    const client = new AppConfigClient({ ...props, overrides });
    const onReady = vi.fn<() => void>();
    const isSet = OpenFeature.setProviderAndWait(new OpenFeatureAppConfigProvider(client)).then(
      onReady,
    );
    overrides.setFlag('extra', true);
    await Promise.resolve();
    expect(onReady).not.toHaveBeenCalled();
    await advance();
    await isSet;
    expect(OpenFeature.getClient().getNumberValue('new-checkout.maxItems', 1)).toBe(20);
  });

  it('ends its wait when it is closed', async () => {
    const { props, emulator } = setup();
    emulator.inject({ kind: 'slow', delayMs: 5 * MINUTE_MS, times: 10 });
    const provider = new OpenFeatureAppConfigProvider(new AppConfigClient(props));
    const isInitialized = provider.initialize();
    await provider.onClose();
    await isInitialized;
    await advance(10 * MINUTE_MS);
    expect(emulator.requests.length).toBeLessThan(3);
  });

  it('sends no context where the app does not want it', async () => {
    await OpenFeature.setContext({ targetingKey: 'ada', plan: 'free' });
    const { props } = setup();
    const client = new AppConfigClient(props);
    const provider = new OpenFeatureAppConfigProvider(client, { toEvaluationContext: () => ({}) });
    const isSet = OpenFeature.setProviderAndWait(provider);
    await advance();
    await isSet;
    expect(OpenFeature.getClient().getBooleanValue('dark-mode', false)).toBe(true);
    await OpenFeature.clearContext();
  });

  it('shares its session with the React provider of the same client', async () => {
    const { client, emulator, flags } = await start();
    const probe = createProbe(() => useFlag('dark-mode'));
    const page = render(
      <AppConfigProvider client={client}>
        <probe.Probe />
      </AppConfigProvider>,
    );
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([{ enabled: true }]);
    expect(emulator.sessions).toHaveLength(1);
    page.unmount();
    await advance(2 * MINUTE_MS);
    const polls = emulator.requests.length;
    expect(flags.providerStatus).toBe(ProviderStatus.READY);
    await OpenFeature.clearProviders();
    await advance(5 * MINUTE_MS);
    expect(emulator.requests).toHaveLength(polls);
  });

  it('flips the hooks of OpenFeature’s React SDK', async () => {
    const { deploy } = await start();
    function Theme() {
      const items = useNumberFlagValue('new-checkout.maxItems', 10);
      return (
        <p>
          {useBooleanFlagValue('dark-mode', false) ? 'dark' : 'light'} {items}
        </p>
      );
    }
    render(
      <OpenFeatureProvider>
        <Theme />
      </OpenFeatureProvider>,
    );
    expect(screen.getByText('dark 20')).toBeDefined();
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(screen.getByText('light 20')).toBeDefined();
    deploy({ ...FLAGS, 'new-checkout': { enabled: true, maxItems: 30 } });
    await advance(MINUTE_MS);
    expect(screen.getByText('dark 30')).toBeDefined();
    // The attribute stays in the document, but none of a flag that is off is read.
    deploy({ ...FLAGS, 'new-checkout': { enabled: false, maxItems: 30 } });
    await advance(MINUTE_MS);
    expect(screen.getByText('dark 10')).toBeDefined();
  });
});
