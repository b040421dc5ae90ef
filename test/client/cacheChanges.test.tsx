import { QueryClient, useQuery } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  appConfigQuery,
  useAppConfig,
  useAppConfigClient,
  useFlag,
  useFlagEnabled,
} from '../../src/entries/index.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { createInPageSource } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from '../react/setup.tsx';

silenceThrownErrors();

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a query that leaves the cache', () => {
  it.each(['clear', 'removeQueries', 'resetQueries', 'cancelQueries'] as const)(
    'is built again when %s comes while the first poll is under way',
    async (empty) => {
      const queryClient = new QueryClient();
      const { renderApp, deploy, emulator } = setup({ queryClient });
      emulator.inject({ kind: 'slow', delayMs: 2_000 });
      const probe = createProbe(() => useFlagEnabled('dark-mode'));
      renderApp(<probe.Probe />);
      await advance(500);
      act(() => void queryClient[empty]());
      await advance(10_000);
      expect(probe.value).toBe(true);
      deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
      await advance(2 * MINUTE_MS);
      expect(probe.value).toBe(false);
    },
  );

  it('is built again after each of many polls', async () => {
    const queryClient = new QueryClient();
    const { renderApp, deploy, operations } = setup({ queryClient });
    const probe = createProbe(() => useFlag('new-checkout'));
    renderApp(<probe.Probe />);
    for (let version = 1; version < 6; version += 1) {
      deploy({ 'new-checkout': { enabled: true, maxItems: version } });
      await advance(MINUTE_MS);
      act(() => queryClient.clear());
    }
    expect(probe.value).toEqual({ enabled: true, maxItems: 5 });
    expect(operations().filter((operation) => operation?.startsWith('Start'))).toHaveLength(1);
  });
});

describe('a version that was delivered is shown', () => {
  it('although the poll that brought it was cancelled', async () => {
    const queryClient = new QueryClient();
    const { renderApp, deploy, emulator } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance();
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    emulator.inject({ kind: 'slow', delayMs: 3_000 });
    await advance(MINUTE_MS + 500);
    await act(() => queryClient.cancelQueries());
    await advance(3 * MINUTE_MS);
    expect(probe.value).toBe(false);
  });

  it('although another provider of the same cache left while it was on its way', async () => {
    const { withProvider, emulator, deploy, errors } = setup();
    const [one, two, three] = [0, 1, 2].map(() => createProbe(() => useAppConfig('flags')));
    if (!one || !two || !three) throw new Error('Three probes are needed.');
    const queryClient = new QueryClient();
    const first = withProvider(<one.Probe />, {
      queryClient,
      source: createInPageSource(emulator),
    });
    const second = withProvider(<two.Probe />, {
      queryClient,
      source: createInPageSource(emulator),
    });
    const third = withProvider(<three.Probe />, { queryClient });
    emulator.inject({ kind: 'slow', delayMs: 3_000 });
    const page = (withFirst: boolean, withThird: boolean) => (
      <>
        {withFirst && first}
        {second}
        {withThird && third}
      </>
    );
    const { rerender } = render(page(true, true));
    await advance(500);
    rerender(page(false, true));
    await advance(500);
    rerender(page(false, false));
    await advance(10_000);
    expect(two.value).toMatchObject({ status: 'success', data: FLAGS, error: undefined });
    deploy({ 'dark-mode': { enabled: false } });
    await advance(3 * MINUTE_MS);
    expect(two.value).toMatchObject({ data: { 'dark-mode': { enabled: false } } });
    expect(errors.map(({ code }) => code)).not.toContain('SessionDisposed');
    expect(two.values.map(({ error }) => error?.code)).not.toContain('SessionDisposed');
  });

  it('when a memory source takes the place of another of the same name', async () => {
    const { renderApp, withProvider } = setup();
    const queryClient = new QueryClient();
    const on = memorySource({ flags: { a: { enabled: true } } });
    const off = memorySource({ flags: { a: { enabled: false } } });
    const probe = createProbe(() => useFlagEnabled('a'));
    const { rerender, unmount } = renderApp(<probe.Probe />, { source: on, queryClient });
    rerender(withProvider(<probe.Probe />, { source: off, queryClient }));
    await advance(10);
    expect(probe.value).toBe(false);
    off.set('flags', { a: { enabled: true } });
    await advance(10);
    expect(probe.value).toBe(true);
    unmount();
    renderApp(<probe.Probe />, { source: memorySource({ flags: {} }), queryClient });
    await advance(10);
    expect(probe.value).toBe(false);
  });

  it('of a memory source, after the cache is reset and after a profile was missing', async () => {
    const queryClient = new QueryClient();
    const source = memorySource({});
    const { renderApp } = setup({ source, queryClient, random: () => 1 });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance(10 * MINUTE_MS);
    source.set('flags', FLAGS);
    await advance(10);
    expect(probe.value).toBe(true);
    await act(() => queryClient.resetQueries());
    await advance(10);
    expect(probe.value).toBe(true);
  });
});

it('keeps polling whatever an app has set for all of its queries', async () => {
  const queryClient = new QueryClient({
    defaultOptions: {
      queries: {
        enabled: false,
        notifyOnChangeProps: ['data'],
        networkMode: 'offlineFirst',
        refetchOnMount: false,
        retryOnMount: false,
        structuralSharing: false,
        throwOnError: true,
        select: () => 'something else',
        queryKeyHashFn: () => 'one for all',
      },
    },
  });
  const { renderApp, deploy, emulator } = setup({ queryClient });
  const probe = createProbe(() => useAppConfig('flags'));
  renderApp(<probe.Probe />);
  await advance();
  expect(probe.value).toMatchObject({ status: 'success', data: FLAGS });
  emulator.inject({ kind: 'error', status: 503 });
  await advance(MINUTE_MS);
  expect(probe.values.some(({ isStale }) => isStale)).toBe(true);
  deploy({ 'dark-mode': { enabled: false } });
  await advance(2 * MINUTE_MS);
  expect(probe.value).toMatchObject({ data: { 'dark-mode': { enabled: false } }, isStale: false });
});

it('lets useQuery work with no other provider', async () => {
  const { renderApp } = setup();
  const probe = createProbe(() => useQuery(appConfigQuery(useAppConfigClient(), 'flags')).data);
  renderApp(<probe.Probe />);
  await advance();
  expect(probe.value).toEqual(FLAGS);
});
