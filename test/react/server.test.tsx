import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { act } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { Suspense } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  useFlagDetails,
  useFlagEnabled,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from './setup.tsx';

it('renders the same on the server and while the page is hydrated, then follows', async () => {
  const { props, withProvider, deploy, emulator } = setup();
  const onServer = new QueryClient();
  const client = new AppConfigClient({ ...props, queryClient: onServer });
  const prefetched = onServer.prefetchQuery(appConfigQuery(client, 'flags'));
  await advance();
  await prefetched;
  const state = structuredClone(dehydrate(onServer));

  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const page = (queryClient: QueryClient) => (
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>{withProvider(<probe.Probe />)}</HydrationBoundary>
    </QueryClientProvider>
  );
  const container = document.createElement('div');
  container.innerHTML = renderToString(page(new QueryClient()));
  expect(container.textContent).toBe('true');
  expect(emulator.requests).toHaveLength(2);

  const mismatches = vi.fn<(error: unknown) => void>();
  const root = await act(async () =>
    hydrateRoot(container, page(new QueryClient()), { onRecoverableError: mismatches }),
  );
  expect(probe.value).toBe(true);
  deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
  await advance(MINUTE_MS);
  expect(container.textContent).toBe('false');
  expect(mismatches).not.toHaveBeenCalled();
  act(() => root.unmount());
});

it('renders defaults on a server that has nothing, without a request or a timer', () => {
  const { withProvider, emulator } = setup({
    defaults: { flags: { 'dark-mode': { enabled: true } } },
  });
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  expect(renderToString(withProvider(<probe.Probe />))).toContain('true');
  expect(emulator.requests).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(0);
});

it('ends hydration within a few renders where no cache came with the page, suspending hooks included', async () => {
  const { withProvider, deploy, props } = setup();
  const client = new AppConfigClient(props);
  const polled = client.queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
  await advance();
  await polled;
  const probe = createProbe(() => useSuspenseAppConfig('flags').data);
  const page = (
    <Suspense fallback="waiting">
      <probe.Probe />
    </Suspense>
  );
  const container = document.createElement('div');
  container.innerHTML = `<!--$--><output>${JSON.stringify(FLAGS).replaceAll('"', '&quot;')}</output><!--/$-->`;
  client.dispose();

  const root = await act(async () => hydrateRoot(container, withProvider(page)));
  await advance(1_000);
  expect(probe.renders).toBeLessThan(10);
  expect(container.textContent).toBe(JSON.stringify(FLAGS));
  deploy({ 'dark-mode': { enabled: false } });
  await advance(MINUTE_MS);
  expect(container.textContent).toBe('{"dark-mode":{"enabled":false}}');
  act(() => root.unmount());
});

it('hydrates a flag with its version and reason, without a request until the interval is over', async () => {
  const { props, withProvider, emulator } = setup();
  emulator.deploy({
    application: 'shop',
    environment: 'production',
    profile: 'flags',
    content: FLAGS,
    versionLabel: 'v7',
  });
  const onServer = new QueryClient();
  const client = new AppConfigClient({ ...props, queryClient: onServer });
  const prefetched = onServer.prefetchQuery(appConfigQuery(client, 'flags'));
  await advance();
  await prefetched;
  const state = structuredClone(dehydrate(onServer));
  client.dispose();
  const probe = createProbe(() => {
    const { reason, versionLabel } = useFlagDetails('dark-mode');
    return `${reason} ${versionLabel}`;
  });
  const page = (queryClient: QueryClient) => (
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>{withProvider(<probe.Probe />)}</HydrationBoundary>
    </QueryClientProvider>
  );
  const container = document.createElement('div');
  container.innerHTML = renderToString(page(new QueryClient()));
  const root = await act(async () => hydrateRoot(container, page(new QueryClient())));
  await advance(MINUTE_MS - 2_000);
  expect(emulator.requests).toHaveLength(2);
  await advance(5_000);
  expect(emulator.requests).toHaveLength(4);
  expect(new Set(probe.values)).toEqual(new Set(['loaded v7']));
  act(() => root.unmount());
});
