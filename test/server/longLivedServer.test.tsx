import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { prerender } from 'react-dom/static';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  AppConfigProvider,
  useFlagDetails,
  useFlagEnabled,
  useSuspenseAppConfig,
  useSuspenseFlag,
  type AppConfigClientOptions,
} from '../../src/entries/index.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock } from '../support/manualClock.ts';

const NAME = { application: 'shop', environment: 'production' };
const FLAGS = { 'dark-mode': { enabled: true } };

function setup(options: Partial<AppConfigClientOptions> = {}) {
  const emulator = createStrictEmulator(
    options.clock && { clock: { now: () => options.clock?.monotonicNow() ?? 0 } },
  );
  const deploy = (content: typeof FLAGS, versionLabel?: string) =>
    emulator.deploy({ ...NAME, profile: 'flags', content, versionLabel });
  deploy(FLAGS, 'v1');
  const props: AppConfigClientOptions = {
    ...NAME,
    source: createInPageSource(emulator),
    flags: 'flags',
    random: () => 0,
    onError: () => undefined,
    ...options,
  };
  const operations = () => emulator.requests.map(({ operation }) => operation);
  return { emulator, deploy, props, operations };
}

let renders = 0;
function countRender(): void {
  renders += 1;
  if (renders > 50) throw new Error('This component is rendered again and again.');
}

function DarkMode() {
  countRender();
  const { data } = useSuspenseAppConfig('flags');
  return <p>{`dark: ${JSON.stringify(data)}`}</p>;
}

/** The whole HTML that a Node server would send, and whether it came in time. */
function stream(page: ReactNode): Promise<string> {
  renders = 0;
  return new Promise((resolve, reject) => {
    let html = '';
    const body = new Writable({
      write(chunk, _, done) {
        html += String(chunk);
        done();
      },
    });
    body.on('finish', () => resolve(html));
    const { pipe, abort } = renderToPipeableStream(page, {
      onAllReady: () => pipe(body),
      onShellError: reject,
      onError: () => undefined,
    });
    setTimeout(() => abort(new Error('The stream did not end.')), 5_000);
  });
}

async function prerenderToText(page: ReactNode): Promise<string> {
  renders = 0;
  const { prelude } = await prerender(page, { onError: () => undefined });
  return new Response(prelude).text();
}

const ENGINES = [
  ['renderToPipeableStream', stream],
  ['prerender', prerenderToText],
] as const;

describe.each(ENGINES)('useSuspenseAppConfig under %s', (_, renderPage) => {
  const boundary = (
    <Suspense fallback={<p>waiting</p>}>
      <DarkMode />
    </Suspense>
  );

  it('puts the data into the HTML, with options', async () => {
    const { props, operations } = setup();
    const html = await renderPage(<AppConfigProvider {...props}>{boundary}</AppConfigProvider>);
    expect(html).toContain('dark: {&quot;dark-mode&quot;');
    expect(operations()).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    expect(renders).toBeLessThan(5);
  });

  it('puts a flag into the HTML through useSuspenseFlag, after one wait', async () => {
    const { props, operations } = setup();
    function Checkout() {
      countRender();
      return <p>{`dark: ${useSuspenseFlag('dark-mode').enabled}`}</p>;
    }
    const html = await renderPage(
      <AppConfigProvider {...props}>
        <Suspense fallback={<p>waiting</p>}>
          <Checkout />
        </Suspense>
      </AppConfigProvider>,
    );
    expect(html).toContain('dark: true');
    expect(operations()).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
    expect(renders).toBeLessThan(5);
  });

  it('puts the data into the HTML, without a boundary', async () => {
    const { props } = setup();
    const html = await renderPage(
      <AppConfigProvider {...props}>
        <DarkMode />
      </AppConfigProvider>,
    );
    expect(html).toContain('dark: {&quot;dark-mode&quot;');
  });

  it('puts the data into the HTML, with a client from outside', async () => {
    const { props } = setup();
    const client = new AppConfigClient(props);
    const html = await renderPage(
      <AppConfigProvider client={client}>{boundary}</AppConfigProvider>,
    );
    expect(html).toContain('dark: {&quot;dark-mode&quot;');
    client.dispose();
  });

  it('shows the default when the first poll fails', async () => {
    const { props, emulator } = setup({ defaults: { flags: { 'dark-mode': { enabled: false } } } });
    emulator.inject({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY });
    const html = await renderPage(<AppConfigProvider {...props}>{boundary}</AppConfigProvider>);
    expect(html).toContain('enabled&quot;:false');
    expect(renders).toBeLessThan(5);
  });

  it('leaves the fallback when the first poll fails and there is no default', async () => {
    const { props, emulator } = setup();
    emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
    const html = await renderPage(<AppConfigProvider {...props}>{boundary}</AppConfigProvider>);
    expect(html).toContain('waiting');
    expect(renders).toBeLessThan(5);
  });
});

describe('one client in a long-lived process', () => {
  function Flag() {
    const { flag, reason, versionLabel } = useFlagDetails('dark-mode');
    return <p>{`${flag.enabled}, ${reason}, ${versionLabel}`}</p>;
  }

  it('shows what is known at each render, also if the first one came before the first poll', async () => {
    const clock = createManualClock();
    const { props, deploy } = setup({ clock });
    const client = new AppConfigClient(props);
    const render = () =>
      renderToString(
        <AppConfigProvider client={client}>
          <Flag />
        </AppConfigProvider>,
      );
    const poll = () => client.queryClient.fetchQuery(appConfigQuery(client, 'flags'));
    expect(render()).toContain('false, default');
    await poll();
    expect(render()).toContain('true, loaded, v1');
    deploy({ 'dark-mode': { enabled: false } }, 'v2');
    await clock.advance(60_000);
    await poll();
    expect(render()).toContain('false, loaded, v2');
    client.dispose();
  });
});

it('asks for the next version when a render finds the interval over, though nobody subscribes on a server', async () => {
  const clock = createManualClock();
  const { props, deploy, operations } = setup({ clock });
  const visit = () =>
    stream(
      <AppConfigProvider {...props}>
        <Suspense fallback="waiting">
          <DarkMode />
        </Suspense>
      </AppConfigProvider>,
    );
  expect(await visit()).toContain('enabled&quot;:true');
  expect(await visit()).toContain('enabled&quot;:true');
  expect(operations()).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
  deploy({ 'dark-mode': { enabled: false } });
  await clock.advance(60_000);
  await visit();
  await vi.waitFor(async () => {
    expect(await visit()).toContain('enabled&quot;:false');
  });
});

it('hands version and reason to the page, which asks for nothing before the interval is over', async () => {
  const { props, operations } = setup();
  const onServer = new QueryClient();
  const client = new AppConfigClient({ ...props, queryClient: onServer });
  await onServer.prefetchQuery(appConfigQuery(client, 'flags'));
  client.dispose();
  const state = structuredClone(dehydrate(onServer));
  function Flag() {
    const { reason, versionLabel } = useFlagDetails('dark-mode');
    return <p>{`${useFlagEnabled('dark-mode')}, ${reason}, ${versionLabel}`}</p>;
  }
  const html = renderToString(
    <QueryClientProvider client={new QueryClient()}>
      <HydrationBoundary state={state}>
        <AppConfigProvider {...props}>
          <Flag />
        </AppConfigProvider>
      </HydrationBoundary>
    </QueryClientProvider>,
  );
  expect(html).toContain('true, loaded, v1');
  expect(operations()).toHaveLength(2);
});
