import {
  dehydrate,
  HydrationBoundary,
  QueryClient,
  type DehydratedState,
} from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  AppConfigProvider,
  useAppConfig,
  useFlagDetails,
  useSuspenseAppConfig,
  type AppConfigClientOptions,
  type StandardSchema,
} from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { agentSource } from '../../src/entries/agent.ts';
import { createAppConfigServer } from '../../src/entries/server.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock, settle } from '../support/manualClock.ts';

const NAME = { application: 'shop', environment: 'production' };

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A server whose pages all read one source, as a module of the app makes it. */
function setup(options: Partial<AppConfigClientOptions> = {}) {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ clock });
  const deploy = (maxItems: number) =>
    emulator.deploy({
      ...NAME,
      profile: 'flags',
      content: { checkout: { enabled: true, maxItems } },
      versionLabel: `v${maxItems}`,
    });
  deploy(1);
  const props: AppConfigClientOptions = {
    ...NAME,
    source: createInPageSource(emulator),
    flags: 'flags',
    clock,
    random: () => 0,
    onError: () => undefined,
    ...options,
  };
  return { clock, emulator, deploy, props };
}

function Checkout() {
  const { flag, reason, versionLabel } = useFlagDetails('checkout');
  return <p>{`${flag.enabled && flag['maxItems']}, ${reason}, ${versionLabel}`}</p>;
}

function Settings() {
  return <p>{`${JSON.stringify(useSuspenseAppConfig('flags').data)}`}</p>;
}

/** A page that waits for them. */
function SettingsPage(props: AppConfigClientOptions) {
  return (
    <AppConfigProvider {...props}>
      <Suspense fallback="">
        <Settings />
      </Suspense>
    </AppConfigProvider>
  );
}

/** The whole HTML that a Node server would send, and the errors that it reports with it. */
function stream(page: ReactNode): Promise<{ html: string; errors: unknown[] }> {
  return new Promise((resolve, reject) => {
    let html = '';
    const errors: unknown[] = [];
    const body = new Writable({
      write(chunk, _, done) {
        html += String(chunk);
        done();
      },
    });
    body.on('finish', () => resolve({ html, errors }));
    const { pipe } = renderToPipeableStream(page, {
      onAllReady: () => pipe(body),
      onShellError: reject,
      onError: (error) => void errors.push(error),
    });
  });
}

describe('two requests of one server', () => {
  it('show each their own overrides, and the one after them none', () => {
    const { props } = setup();
    const visit = (maxItems?: number) => {
      const overrides = memoryOverrides();
      if (maxItems) overrides.setFlag('checkout', { enabled: true, maxItems });
      return renderToString(
        <AppConfigProvider {...props} overrides={maxItems ? overrides : undefined}>
          <Checkout />
        </AppConfigProvider>,
      );
    };
    expect([visit(), visit(111), visit(), visit(222), visit()]).toEqual([
      expect.stringContaining('false, default'),
      expect.stringContaining('111, override'),
      expect.stringContaining('false, default'),
      expect.stringContaining('222, override'),
      expect.stringContaining('false, default'),
    ]);
  });

  it('report each to their own onError, also of a failure that both wait for', async () => {
    const { props, emulator } = setup();
    emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
    const heard: string[] = [];
    const visit = (person: string) =>
      stream(
        <AppConfigProvider {...props} onError={({ code }) => heard.push(`${person} ${code}`)}>
          <Suspense fallback="waiting">
            <Settings />
          </Suspense>
        </AppConfigProvider>,
      );
    await Promise.all([visit('ann'), visit('bob')]);
    await visit('cid');
    expect(heard.toSorted()).toEqual(['ann AccessDenied', 'bob AccessDenied', 'cid AccessDenied']);
  });

  it('show each what it has prefetched, in a provider without a QueryClient', async () => {
    const { props, deploy, clock } = setup();
    async function visit() {
      const queryClient = new QueryClient();
      const client = new AppConfigClient({ ...props, queryClient });
      await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
      return renderWith(dehydrate(queryClient));
    }
    const renderWith = (state: DehydratedState) =>
      renderToString(
        <AppConfigProvider {...props}>
          <HydrationBoundary state={structuredClone(state)}>
            <Checkout />
          </HydrationBoundary>
        </AppConfigProvider>,
      );
    for (const version of [1, 2, 3]) {
      deploy(version);
      expect(await visit()).toContain(`${version}, loaded, v${version}`);
      await clock.advance(61_000);
    }
  });

  it('see what was prefetched below a hook that was not, and the hook sees what is known', async () => {
    const { props, clock, deploy } = setup();
    const queryClient = new QueryClient();
    const client = new AppConfigClient({ ...props, queryClient });
    await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
    const state = structuredClone(dehydrate(queryClient));
    deploy(2);
    await clock.advance(61_000);
    const html = renderToString(
      <AppConfigProvider {...props} source={createInPageSource(createStrictEmulator())}>
        <Checkout />
        <HydrationBoundary state={state}>
          <Checkout />
        </HydrationBoundary>
      </AppConfigProvider>,
    );
    expect(html).toMatch(/false, default.*1, loaded, v1/);
  });

  it('are told of a failing schema without being mixed up', async () => {
    const { props } = setup();
    const schema = (person: string) =>
      ({
        '~standard': {
          version: 1 as const,
          vendor: 'test',
          validate: () => ({ issues: [{ message: `not for ${person}` }] }),
        },
      }) satisfies StandardSchema;
    function Checked({ person }: { person: string }) {
      const { error } = useAppConfig('flags', { schema: schema(person) });
      return <p>{error?.message ?? 'no error'}</p>;
    }
    await stream(<SettingsPage {...props} />);
    const heard: string[] = [];
    for (const person of ['ann', 'bob']) {
      const html = renderToString(
        <AppConfigProvider {...props} onError={({ code }) => heard.push(`${person} ${code}`)}>
          <Checked person={person} />
        </AppConfigProvider>,
      );
      expect(html).toContain(`not for ${person}`);
    }
    await settle();
    expect(heard).toEqual(['ann SchemaMismatch', 'bob SchemaMismatch']);
  });
});

describe('a long-lived server', () => {
  it('asks for everybody in one session, however many pages are rendered', async () => {
    const { props, emulator } = setup();
    for (let visit = 0; visit < 20; visit += 1) {
      await stream(<SettingsPage {...props} />);
    }
    expect(emulator.requests).toHaveLength(2);
  });

  it('shows the newest version to plain hooks, too, some requests after the interval', async () => {
    const { props, deploy, clock } = setup();
    const visit = () =>
      renderToString(
        <AppConfigProvider {...props}>
          <Checkout />
        </AppConfigProvider>,
      );
    await stream(<SettingsPage {...props} />);
    expect(visit()).toContain('1, loaded, v1');
    deploy(2);
    await clock.advance(61_000);
    await vi.waitFor(() => expect(visit()).toContain('2, loaded, v2'));
  });

  it('shows one version in one render, whatever is answered meanwhile', async () => {
    let version = 1;
    const source: ConfigurationSource = {
      name: 'counting',
      initial: () => answer(),
      getLatestConfiguration: async () => answer(),
    };
    const answer = () => ({
      configuration: new TextEncoder().encode(
        JSON.stringify({ checkout: { enabled: true, maxItems: version } }),
      ),
      contentType: 'application/json',
      nextToken: `token-${version}`,
      nextPollIntervalInSeconds: 1,
      versionLabel: `v${version}`,
    });
    const { props, clock } = setup({ source });
    let goOn = () => {};
    const later = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isLater = false;
    function Late() {
      if (!isLater) throw later;
      return <Checkout />;
    }
    const html = stream(
      <AppConfigProvider {...props}>
        <Checkout />
        <Suspense fallback="">
          <Late />
        </Suspense>
      </AppConfigProvider>,
    );
    await settle(2);
    version = 2;
    await clock.advance(2_000);
    renderToString(
      <AppConfigProvider {...props}>
        <Checkout />
      </AppConfigProvider>,
    );
    await settle(20);
    isLater = true;
    goOn();
    expect((await html).html.match(/v\d/g)).toEqual(['v1', 'v1']);
  });

  it('keeps at most 1,000 audiences of a source, and forgets those that were not asked for', async () => {
    const released: string[] = [];
    const asked: string[] = [];
    const source: ConfigurationSource = {
      name: 'people',
      getLatestConfiguration: async ({ entityId = '' }) => {
        asked.push(entityId);
        return {
          configuration: new TextEncoder().encode('{}'),
          contentType: 'application/json',
          nextToken: 'next',
          nextPollIntervalInSeconds: 60,
        };
      },
      release: ({ entityId = '' }) => void released.push(entityId),
    };
    const { props } = setup({ source });
    const visit = (entityId: string) => stream(<SettingsPage {...props} entityId={entityId} />);
    await visit('ann');
    for (let index = 0; index < 1_005; index += 1) {
      await visit(`person ${index}`);
      if (index % 100 === 0) await visit('ann');
    }
    expect(released).toEqual([
      'person 0',
      'person 1',
      'person 2',
      'person 3',
      'person 4',
      'person 5',
    ]);
    expect(asked.filter((entityId) => entityId === 'ann')).toHaveLength(1);
  });

  it('keeps nothing of the contexts that were asked for, beyond those', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const queryClient = new QueryClient();
    const { props } = setup({ queryClient });
    let visits = 0;
    const visit = (count: number) => {
      for (let index = 0; index < count; index += 1) {
        visits += 1;
        renderToString(
          <AppConfigProvider {...props} context={{ visit: String(visits) }}>
            <Checkout />
          </AppConfigProvider>,
        );
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const before = visit(3_000);
    const after = visit(6_000);
    expect((after - before) / 6_000, 'bytes a context').toBeLessThan(100);
  });

  it.each([
    ['an empty window', () => vi.stubGlobal('window', {})],
    ['a window that is the global object', () => vi.stubGlobal('window', globalThis)],
  ])('that has %s shows right values, to each request its own', async (_, stub) => {
    stub();
    const { props, deploy, clock } = setup();
    for (const version of [1, 2, 3]) {
      deploy(version);
      const queryClient = new QueryClient();
      const client = new AppConfigClient({ ...props, queryClient });
      await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
      const overrides = memoryOverrides();
      if (version === 2) overrides.setFlag('other', true);
      const html = renderToString(
        <AppConfigProvider {...props} overrides={overrides}>
          <HydrationBoundary state={structuredClone(dehydrate(queryClient))}>
            <Checkout />
          </HydrationBoundary>
        </AppConfigProvider>,
      );
      expect(html).toContain(`${version}, loaded, v${version}`);
      await clock.advance(61_000);
    }
    const { html } = await stream(<SettingsPage {...props} />);
    expect(html).toContain('maxItems');
  });
});

describe('a page that a framework renders beforehand', () => {
  const page = (source: ConfigurationSource, children: ReactNode = <Checkout />) => (
    <AppConfigProvider {...NAME} source={source} flags="flags">
      {children}
    </AppConfigProvider>
  );
  const source = () => {
    const emulator = createStrictEmulator();
    const content = { checkout: { enabled: true, maxItems: 1 } };
    emulator.deploy({ ...NAME, profile: 'flags', content, versionLabel: 'v1' });
    return createInPageSource(emulator);
  };

  it.each<[string, () => Promise<ReactNode>, string]>([
    ['nothing is known', async () => page(source()), 'false, default'],
    [
      'something was prefetched',
      async () => {
        const queryClient = new QueryClient();
        const client = new AppConfigClient({ ...NAME, source: source(), queryClient });
        await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
        return page(
          source(),
          <HydrationBoundary state={structuredClone(dehydrate(queryClient))}>
            <Checkout />
          </HydrationBoundary>,
        );
      },
      '1, loaded, v1',
    ],
    [
      'another page has loaded it',
      async () => {
        const shared = source();
        const settings = (
          <Suspense fallback="">
            <Settings />
          </Suspense>
        );
        await stream(page(shared, settings));
        return page(shared);
      },
      '1, loaded, v1',
    ],
    [
      'its source knows the answer without being asked',
      async () => page(memorySource({ flags: { checkout: { enabled: true, maxItems: 1 } } })),
      '1, loaded, 1',
    ],
  ])('depends on neither the time nor chance where %s', async (_, prepare, html) => {
    const prepared = await prepare();
    const now = vi.spyOn(Date, 'now');
    const random = vi.spyOn(Math, 'random');
    expect(renderToString(prepared)).toContain(html);
    expect([now.mock.calls.length, random.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('on a Node server', () => {
  it('an onError that throws is reported to the console, and the server lives', async () => {
    const lines = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { props, emulator } = setup();
    emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
    const onError = () => {
      throw new Error('the logger is down');
    };
    await stream(<SettingsPage {...props} onError={onError} />);
    const server = createAppConfigServer({ ...props, onError });
    expect(await server.getFlag('checkout')).toEqual({ enabled: false });
    await settle();
    expect(lines.mock.calls.flat().map(String)).toEqual([
      'Error: the logger is down',
      'Error: the logger is down',
    ]);
  });

  it("says that a path of the page's own origin needs a page, and what to do", async () => {
    const { props } = setup({ source: agentSource({ endpoint: '/flags' }) });
    const heard: unknown[] = [];
    const page = (defaults?: AppConfigClientOptions['defaults']) => (
      <AppConfigProvider {...props} defaults={defaults} onError={(error) => heard.push(error)}>
        <Suspense fallback="waiting">
          <Settings />
        </Suspense>
      </AppConfigProvider>
    );
    const { html, errors } = await stream(page());
    expect(html).toContain('waiting');
    expect(heard[0]).toMatchObject({ code: 'InvalidArgument', profile: 'flags' });
    expect(String(heard[0])).toMatch(/"\/flags\/.*needs a page.*absolute endpoint.*prefetch/s);
    expect(String(Reflect.get(Object(errors[0]), 'digest'))).toMatch(/absolute endpoint.*prefetch/);
    const withDefault = await stream(page({ flags: { checkout: { enabled: false } } }));
    expect(withDefault.html).toContain('checkout&quot;:{&quot;enabled&quot;:false');
    expect(withDefault.errors).toEqual([]);
  });

  it('an override that is not flags means the same as in a page', async () => {
    const { props } = setup();
    const overrides = { flags: { document: 'nonsense' } };
    const heard: string[] = [];
    const server = createAppConfigServer({ ...props, onError: ({ code }) => heard.push(code) });
    const { flag, reason } = await server.getFlagDetails('checkout', { overrides });
    expect({ flag, reason }).toEqual({ flag: { enabled: true, maxItems: 1 }, reason: 'stale' });
    await stream(<SettingsPage {...props} />);
    const html = renderToString(
      <AppConfigProvider {...props} overrides={memoryOverrides({ initial: overrides })}>
        <Checkout />
      </AppConfigProvider>,
    );
    expect(html).toContain('1, stale, v1');
    await settle();
    expect(heard).toEqual(['NotFeatureFlags']);
  });

  it('reads overrides anew for each request, also from an object that was changed', async () => {
    const { props } = setup();
    const server = createAppConfigServer(props);
    const overrides = { flags: { flags: { checkout: { enabled: true, maxItems: 1 } } } };
    expect(await server.getFlag('checkout', { overrides })).toMatchObject({ maxItems: 1 });
    overrides.flags.flags = { checkout: { enabled: true, maxItems: 2 } };
    expect(await server.getFlag('checkout', { overrides })).toMatchObject({ maxItems: 2 });
  });
});
