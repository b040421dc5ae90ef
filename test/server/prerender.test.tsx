// Copy into test/server (project "node"): what Next's `cacheComponents` refuses, and what one request hears of another.
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  AppConfigProvider,
  useFlagDetails,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock, settle } from '../support/manualClock.ts';

const NAME = { application: 'shop', environment: 'production', flags: 'flags' };
afterEach(() => vi.restoreAllMocks());

function setup() {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ clock });
  emulator.deploy({
    ...NAME,
    profile: 'flags',
    content: { checkout: { enabled: true } },
    versionLabel: 'v1',
  });
  return { clock, emulator, source: createInPageSource(emulator) };
}

function Checkout() {
  const { flag, reason } = useFlagDetails('checkout');
  return <p>{`${flag.enabled} ${reason}`}</p>;
}

function Settings() {
  return <p>{JSON.stringify(useSuspenseAppConfig('flags').data)}</p>;
}

function stream(page: ReactNode): Promise<string> {
  return new Promise((resolve, reject) => {
    let html = '';
    const body = new Writable({
      write(chunk, _, done) {
        html += String(chunk);
        done();
      },
    });
    body.on('finish', () => resolve(html));
    const { pipe } = renderToPipeableStream(page, {
      onAllReady: () => pipe(body),
      onShellError: reject,
      onError: () => undefined,
    });
  });
}

describe('a plain hook on a server does not ask what time it is: in a static shell Next fails the build', () => {
  it('with nothing known', () => {
    const { source } = setup();
    const now = vi.spyOn(Date, 'now');
    const page = (
      <AppConfigProvider {...NAME} source={source}>
        <Checkout />
      </AppConfigProvider>
    );
    expect(renderToString(page)).toContain('false default');
    expect(now.mock.calls.length, 'calls of Date.now()').toBe(0);
  });

  it('with what was prefetched', async () => {
    const { source } = setup();
    const queryClient = new QueryClient();
    const client = new AppConfigClient({ ...NAME, source, queryClient });
    await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
    const state = structuredClone(dehydrate(queryClient));
    const page = (
      <AppConfigProvider {...NAME} source={createInPageSource(createStrictEmulator())}>
        <HydrationBoundary state={state}>
          <Checkout />
        </HydrationBoundary>
      </AppConfigProvider>
    );
    const now = vi.spyOn(Date, 'now');
    expect(renderToString(page)).toContain('true loaded');
    expect(now.mock.calls.length, 'calls of Date.now()').toBe(0);
  });

  it('with what another page has loaded', async () => {
    const { source } = setup();
    const page = (children: ReactNode) => (
      <AppConfigProvider {...NAME} source={source}>
        {children}
      </AppConfigProvider>
    );
    await stream(
      page(
        <Suspense fallback="">
          <Settings />
        </Suspense>,
      ),
    );
    const now = vi.spyOn(Date, 'now');
    expect(renderToString(page(<Checkout />))).toContain('true loaded');
    expect(now.mock.calls.length, 'calls of Date.now()').toBe(0);
  });

  it('with a source that knows something at once', () => {
    const source = memorySource({ flags: { checkout: { enabled: true } } });
    const now = vi.spyOn(Date, 'now');
    const page = (
      <AppConfigProvider {...NAME} source={source}>
        <Checkout />
      </AppConfigProvider>
    );
    expect(renderToString(page)).toContain('true loaded');
    expect(now.mock.calls.length, 'calls of Date.now()').toBe(0);
  });
});

it('a request hears once of a failure, also after the back-off of an earlier request', async () => {
  const { source, clock, emulator } = setup();
  emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
  const heard: string[] = [];
  const visit = (person: string) =>
    stream(
      <AppConfigProvider
        {...NAME}
        source={source}
        clock={clock}
        random={() => 0}
        onError={({ code }) => heard.push(`${person} ${code}`)}
      >
        <Suspense fallback="waiting">
          <Settings />
        </Suspense>
      </AppConfigProvider>,
    );
  await visit('ann');
  await clock.advance(10 * 60_000);
  await visit('bob');
  await settle();
  expect(heard).toEqual(['ann AccessDenied', 'bob AccessDenied']);
});
