import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { act, fireEvent, screen } from '@testing-library/react';
import { StrictMode, Suspense, type ReactNode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  useSuspenseFlag,
  useSuspenseFlags,
  type FlagExposure,
} from '../../src/entries/index.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, createProbe, ErrorBoundary, FLAGS, MINUTE_MS, setup } from './setup.tsx';

const waiting = (children: ReactNode) => (
  <ErrorBoundary>
    <Suspense fallback={<p>wait</p>}>{children}</Suspense>
  </ErrorBoundary>
);

describe('useSuspenseFlag', () => {
  silenceThrownErrors();

  it('waits for the flag, and renders for no other one', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useSuspenseFlag('new-checkout'));
    renderApp(waiting(<probe.Probe />));
    expect(screen.getByText('wait')).toBeTruthy();
    await advance();
    expect(probe.value).toEqual(FLAGS['new-checkout']);
    const before = probe.renders;
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(3 * MINUTE_MS);
    expect(probe.renders).toBe(before);
    deploy({ ...FLAGS, 'new-checkout': { enabled: false } });
    await advance(MINUTE_MS);
    expect(probe.value).toEqual({ enabled: false });
    expect(probe.renders).toBe(before + 1);
  });

  it('is exposed once, in StrictMode too, and not while it waits', async () => {
    const exposures: FlagExposure[] = [];
    const { renderApp } = setup({ onExposure: (exposure) => exposures.push(exposure) });
    const probe = createProbe(() => useSuspenseFlag('dark-mode').enabled);
    renderApp(<StrictMode>{waiting(<probe.Probe />)}</StrictMode>);
    expect(exposures).toEqual([]);
    await advance();
    await advance(3 * MINUTE_MS);
    expect(probe.value).toBe(true);
    expect(exposures).toMatchObject([{ flag: 'dark-mode', value: { enabled: true } }]);
  });

  it('does not wait where there is a default or an override', () => {
    const defaults = { flags: { 'dark-mode': { enabled: true } } };
    const overrides = memoryOverrides({ flags: 'flags' });
    overrides.setFlag('new-checkout', { enabled: true, maxItems: 1 });
    const { renderApp } = setup({ defaults, overrides });
    const probe = createProbe(() => [
      useSuspenseFlag('dark-mode'),
      useSuspenseFlag('new-checkout'),
    ]);
    renderApp(waiting(<probe.Probe />));
    expect(probe.value).toEqual([{ enabled: true }, { enabled: true, maxItems: 1 }]);
  });

  it('is off where the document has no such flag', async () => {
    const { renderApp } = setup();
    const probe = createProbe(() => useSuspenseFlag('nobody-made-it'));
    renderApp(waiting(<probe.Probe />));
    await advance();
    expect(probe.value).toEqual({ enabled: false });
  });

  it('throws to the error boundary when nothing is known, and tries again when that is reset', async () => {
    const { renderApp, emulator } = setup();
    emulator.inject({ kind: 'error', status: 403 });
    const probe = createProbe(() => useSuspenseFlag('dark-mode').enabled);
    renderApp(waiting(<probe.Probe />));
    await advance();
    expect(screen.getByRole('button').textContent).toMatch(/not authorized/);
    await advance(5 * MINUTE_MS);
    fireEvent.click(screen.getByRole('button'));
    await advance();
    expect(probe.value).toBe(true);
  });

  it('is in the HTML of a server that has prefetched it, and hydrates without waiting or asking', async () => {
    const { props, withProvider, operations } = setup();
    const onServer = new QueryClient();
    const client = new AppConfigClient({ ...props, queryClient: onServer });
    const prefetched = onServer.prefetchQuery(appConfigQuery(client, 'flags'));
    await advance();
    await prefetched;
    const state = dehydrate(onServer);
    client.dispose();
    const probe = createProbe(() => useSuspenseFlag('dark-mode').enabled);
    const page = () => (
      <QueryClientProvider client={new QueryClient()}>
        <HydrationBoundary state={state}>
          {withProvider(waiting(<probe.Probe />))}
        </HydrationBoundary>
      </QueryClientProvider>
    );
    const container = document.createElement('div');
    container.innerHTML = renderToString(page());
    expect(container.textContent).toBe('true');
    const said = vi.spyOn(console, 'error');
    const asked = operations().length;
    const root = await act(async () => hydrateRoot(container, page()));
    await advance(1_000);
    expect(container.textContent).toBe('true');
    expect(said).not.toHaveBeenCalled();
    expect(operations()).toHaveLength(asked);
    act(() => root.unmount());
  });
});

describe('useSuspenseFlags', () => {
  it('waits for the flags, and renders when any of them changes', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useSuspenseFlags());
    renderApp(waiting(<probe.Probe />));
    expect(screen.getByText('wait')).toBeTruthy();
    await advance();
    expect(probe.value).toEqual(FLAGS);
    const before = probe.renders;
    await advance(MINUTE_MS);
    expect(probe.renders).toBe(before);
    deploy({ 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(probe.value).toEqual({ 'dark-mode': { enabled: false } });
    expect(probe.renders).toBe(before + 1);
  });

  it('does not wait where the provider has defaults', () => {
    const { renderApp } = setup({ defaults: { flags: { 'dark-mode': { enabled: true } } } });
    const probe = createProbe(() => useSuspenseFlags());
    renderApp(waiting(<probe.Probe />));
    expect(probe.value).toEqual({ 'dark-mode': { enabled: true } });
  });
});
