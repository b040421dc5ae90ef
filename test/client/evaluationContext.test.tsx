import { QueryClient } from '@tanstack/react-query';
import { act, render, type RenderResult } from '@testing-library/react';
import { renderToString } from 'react-dom/server';
import { Fragment, StrictMode, useEffect } from 'react';
import { describe, expect, it, vi } from 'vitest';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import {
  AppConfigProvider,
  appConfigQueryKey,
  useAppConfig,
  useAppConfigClient,
  useFlag,
  useFlagDetails,
  type EvaluationContext,
} from '../../src/entries/index.ts';
import { createInPageAgentSource, createStrictEmulator } from '../support/emulators.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, createProbe, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const BANNER = {
  version: '1',
  flags: { banner: { name: 'Banner', attributes: { text: { constraints: { type: 'string' } } } } },
  values: {
    banner: {
      _variants: [
        {
          name: 'pro',
          enabled: true,
          attributeValues: { text: 'Thank you' },
          rule: '(eq $plan "pro")',
        },
        { name: 'everybody', enabled: true, attributeValues: { text: 'Upgrade now' } },
      ],
    },
  },
};

/** An app that reads through the Agent's route, and can be told who uses it. */
function setupAudience(audience: EvaluationContext = {}) {
  const app = setup();
  const emulator = createStrictEmulator({ multiVariantFlags });
  emulator.deploy({ ...NAME, profile: 'flags', content: BANNER, versionLabel: 'v1' });
  const source = createInPageAgentSource(emulator);
  const probe = createProbe(() => {
    const { flag, variant, reason } = useFlagDetails('banner');
    return { text: flag.enabled && flag['text'], variant, reason };
  });
  const page = (who: EvaluationContext) => app.withProvider(<probe.Probe />, { source, ...who });
  let view: RenderResult | undefined;
  return {
    ...app,
    emulator,
    source,
    probe,
    page,
    show() {
      view = render(page(audience));
    },
    change: (next: EvaluationContext) => act(async () => view?.rerender(page(next))),
  };
}

describe('context and entityId of the provider', () => {
  silenceThrownErrors();

  it('choose the variant of a flag', async () => {
    const { show, probe } = setupAudience({ context: { plan: 'pro' } });
    show();
    await advance();
    expect(probe.value).toEqual({ text: 'Thank you', variant: 'pro', reason: 'loaded' });
  });

  it('keep the previous flags, as stale, until the answer for a new context is there', async () => {
    const { show, probe, change } = setupAudience({ context: { plan: 'pro' } });
    show();
    await advance();
    await change({ context: { plan: 'free' } });
    await advance();
    expect(probe.values.map(({ text, reason }) => `${text} ${reason}`)).toEqual([
      'false default',
      'Thank you loaded',
      // The parent renders with the new context before anybody has asked.
      'Thank you loaded',
      'Thank you stale',
      'Upgrade now loaded',
    ]);
    await change({ context: { plan: 'pro' } });
    expect(probe.value).toEqual({ text: 'Thank you', variant: 'pro', reason: 'loaded' });
  });

  it('cause no request and no state when they are equal', async () => {
    const { show, probe, change, emulator } = setupAudience({ context: { plan: 'pro', a: '1' } });
    show();
    await advance();
    const before = probe.value;
    await change({ context: { a: '1', plan: 'pro' } });
    await advance();
    expect(emulator.requests).toHaveLength(1);
    expect(probe.value).toEqual(before);
  });

  it('do not override what a tool has chosen, until they change themselves', async () => {
    const { probe, source, withProvider } = setupAudience();
    const tool = createProbe(() => useAppConfigClient());
    const page = (plan: string) =>
      withProvider(
        <>
          <probe.Probe />
          <tool.Probe />
        </>,
        { source, context: { plan } },
      );
    const { rerender } = render(page('free'));
    await advance();
    await act(async () => tool.value?.setEvaluationContext({ context: { plan: 'pro' } }));
    await advance();
    await act(async () => rerender(page('free')));
    await advance();
    expect(probe.value?.variant).toBe('pro');
    await act(async () => rerender(page('basic')));
    await advance();
    expect(probe.value?.variant).toBe('everybody');
  });

  it.each([false, true])(
    'do not undo what a tool has chosen while the page mounted, in StrictMode: %s',
    async (isStrict) => {
      const { withProvider } = setup();
      function Tool() {
        const client = useAppConfigClient();
        useEffect(() => client.setEvaluationContext({ entityId: 'tool' }), [client]);
        return null;
      }
      const tool = createProbe(() => useAppConfigClient().evaluationContext.entityId);
      const Mode = isStrict ? StrictMode : Fragment;
      const page = () => (
        <Mode>
          {withProvider(
            <>
              <Tool />
              <tool.Probe />
            </>,
            { entityId: 'own' },
          )}
        </Mode>
      );
      const { rerender } = render(page());
      await advance();
      rerender(page());
      await advance();
      expect(tool.value).toBe('tool');
    },
  );

  it('are the same with an empty context as with none', async () => {
    const { withProvider } = setup();
    const tool = createProbe(() => useAppConfigClient());
    const { rerender } = render(withProvider(<tool.Probe />));
    await advance();
    act(() => tool.value?.setEvaluationContext({ entityId: 'tool' }));
    rerender(withProvider(<tool.Probe />, { context: {} }));
    await advance();
    expect(tool.value?.evaluationContext.entityId).toBe('tool');
  });

  it('of one provider do not become those of another one that was made alike', async () => {
    const { withProvider } = setup();
    const one = createProbe(() => useAppConfigClient().evaluationContext.entityId);
    const two = createProbe(() => useAppConfigClient().evaluationContext.entityId);
    const page = (entityId: string) => (
      <>
        {withProvider(<one.Probe />, { entityId: 'ann' })}
        {withProvider(<two.Probe />, { entityId })}
      </>
    );
    const { rerender } = render(page('ann'));
    await advance();
    for (let times = 0; times < 2; times += 1) {
      rerender(page('bob'));
      await advance();
    }
    expect([one.value, two.value]).toEqual(['ann', 'bob']);
  });

  it('poll for the current user of the app, with one request per interval', async () => {
    const { show, probe, change, emulator } = setupAudience({ context: { plan: 'pro' } });
    show();
    await advance();
    await change({ context: { plan: 'free' } });
    await advance(MINUTE_MS);
    await advance(MINUTE_MS);
    expect(emulator.requests).toHaveLength(4);
    emulator.deploy({ ...NAME, profile: 'flags', content: { banner: { enabled: false } } });
    await advance(MINUTE_MS);
    expect(probe.value).toEqual({ text: false, variant: undefined, reason: 'loaded' });
  });

  it('keep what was known when the answer for a new context fails', async () => {
    const { show, probe, change, emulator, errors } = setupAudience();
    show();
    await advance();
    emulator.inject({ kind: 'error', status: 503, times: 1 });
    await change({ context: { plan: 'pro' } });
    await advance();
    expect(probe.value).toEqual({ text: 'Upgrade now', variant: 'everybody', reason: 'stale' });
    expect(errors.map(({ code }) => code)).toEqual(['ServiceFailure']);
    await advance(5_000);
    expect(probe.value).toEqual({ text: 'Thank you', variant: 'pro', reason: 'loaded' });
  });

  it('are part of the key in the query cache', async () => {
    const { props, source, renderApp } = setupAudience();
    const who = { entityId: 'jane', context: { plan: 'pro' } };
    expect(appConfigQueryKey(source, 'shop', 'production', 'flags', { context: {} })).toEqual(
      appConfigQueryKey(source, 'shop', 'production', 'flags'),
    );
    const probe = createProbe(() => useAppConfig('flags').status);
    renderApp(<probe.Probe />, { ...props, source, ...who });
    await advance();
    expect(probe.value).toBe('success');
    expect(appConfigQueryKey(source, 'shop', 'production', 'flags', who)).toContainEqual(who);
  });

  it('are those of each render on a server, where sources are shared', () => {
    const { props, source } = setupAudience();
    const queryClient = new QueryClient();
    const probe = createProbe(() => useFlag('banner').enabled);
    const visit = (plan: string) => {
      const who = { context: { plan } };
      queryClient.setQueryData(appConfigQueryKey(source, 'shop', 'production', 'flags', who), {
        value: { banner: { enabled: plan === 'pro' } },
      });
      renderToString(
        <AppConfigProvider {...props} {...who} source={source} queryClient={queryClient}>
          <probe.Probe />
        </AppConfigProvider>,
      );
    };
    visit('pro');
    visit('free');
    visit('pro');
    expect(probe.values).toEqual([true, false, true]);
  });

  it('work in StrictMode', async () => {
    const { page, probe, emulator } = setupAudience();
    const { rerender } = render(<StrictMode>{page({ entityId: 'jane' })}</StrictMode>);
    await advance();
    const next = { entityId: 'joe', context: { plan: 'pro' } };
    rerender(<StrictMode>{page(next)}</StrictMode>);
    await advance();
    expect(probe.value?.text).toBe('Thank you');
    expect(emulator.requests.length).toBeLessThanOrEqual(3);
  });

  it('may differ for each of many providers on one page', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { withProvider, source, emulator } = setupAudience();
    const people = Array.from({ length: 20 }, (_, index) => `person ${index}`);
    const probe = createProbe(() => useFlagDetails('banner').reason);
    render(
      <>
        {people.map((entityId) => (
          <Fragment key={entityId}>{withProvider(<probe.Probe />, { source, entityId })}</Fragment>
        ))}
      </>,
    );
    await advance();
    expect(emulator.requests).toHaveLength(20);
    expect(probe.values.slice(-20)).toEqual(people.map(() => 'loaded'));
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([
    [{ entityId: '' }, 'entityId'],
    [{ entityId: 'é'.repeat(1_025) }, '2048 bytes'],
    [{ context: JSON.parse('{"age":[7]}') }, 'context["age"]'],
  ])('are refused with a clear error: %j', (audience, told) => {
    const { props, source, renderApp } = setupAudience();
    expect(() => renderApp(null, { ...props, source, ...audience })).toThrow(told);
  });

  it('are refused by the data API, which cannot evaluate them', async () => {
    const { renderApp, errors } = setup();
    const probe = createProbe(() => useFlagDetails('dark-mode').reason);
    renderApp(<probe.Probe />, { context: { plan: 'pro' } });
    await advance();
    expect(probe.value).toBe('default');
    expect(errors[0]?.message).toContain('agentSource');
  });
});
