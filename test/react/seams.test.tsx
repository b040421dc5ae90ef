import { onlineManager, QueryClient, useQuery } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { startTransition, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  AppConfigClient,
  appConfigQuery,
  appConfigQueryKey,
  AppConfigProvider,
  Feature,
  useAppConfig,
  useAppConfigClient,
  useFlag,
  useFlagEnabled,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { appConfigDataSource } from '../../src/entries/appconfigdata.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { createInPageSource, TEST_CREDENTIALS } from '../support/emulators.ts';
import { emulatorRequestHandler } from '../../src/emulator/index.ts';
import { advance, createProbe, ErrorBoundary, FLAGS, MINUTE_MS, NAME, setup } from './setup.tsx';

silenceThrownErrors();

afterEach(() => {
  onlineManager.setOnline(true);
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

it('ends in the error boundary if cached data fails the schema of a suspending hook', async () => {
  const queryClient = new QueryClient();
  const { renderApp, props } = setup({ queryClient });
  queryClient.setQueryData(appConfigQueryKey(props.source, 'shop', 'production', 'flags'), {
    value: { a: 1 },
    versionLabel: '1',
    contentType: 'application/json',
  });
  const schema = z.object({ title: z.string() });
  let renders = 0;
  const probe = createProbe(() => {
    renders += 1;
    return useSuspenseAppConfig('flags', { schema }).data;
  });
  const { container } = renderApp(
    <ErrorBoundary>
      <Suspense fallback="waiting">
        <probe.Probe />
      </Suspense>
    </ErrorBoundary>,
  );
  await advance(5_000);
  expect(container.textContent).toContain('does not satisfy its schema at title');
  expect(renders).toBeLessThan(10);
});

it('loads many profiles of one provider at once, and reports no error', async () => {
  const { renderApp, emulator, errors } = setup();
  const names = Array.from({ length: 8 }, (_, index) => `profile-${index}`);
  for (const profile of names) emulator.deploy({ ...NAME, profile, content: { profile } });
  const probes = names.map((name) => createProbe(() => useAppConfig(name).status));
  renderApp(probes.map(({ Probe }, index) => <Probe key={names[index]} />));
  await advance(100);
  expect(probes.map(({ value }) => value)).toEqual(names.map(() => 'success'));
  expect(errors).toEqual([]);
});

it('keeps its session through a transition that is interrupted', async () => {
  const { withProvider, emulator, operations } = setup();
  emulator.deploy({
    application: 'other',
    environment: 'production',
    profile: 'flags',
    content: {},
  });
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const never = new Promise<never>(() => undefined);
  function Page({ isOther }: { isOther: boolean }) {
    if (isOther) throw never;
    return <probe.Probe />;
  }
  let change: (application: string) => void = () => undefined;
  let tick: (count: number) => void = () => undefined;
  function App() {
    const [application, setApplication] = useState('shop');
    const [, setCount] = useState(0);
    useEffect(() => {
      change = (next) => startTransition(() => setApplication(next));
      tick = setCount;
    }, []);
    return (
      <Suspense fallback="waiting">
        {withProvider(<Page isOther={application === 'other'} />, { application })}
      </Suspense>
    );
  }
  render(<App />);
  await advance();
  act(() => change('other'));
  for (let count = 1; count < 6; count += 1) {
    act(() => tick(count));
    await advance(100);
  }
  expect(probe.values.slice(1)).not.toContain(false);
  expect(operations().filter((operation) => operation?.startsWith('Start'))).toHaveLength(1);
});

it('reports a failure to each of two providers that have the same options', async () => {
  const { props, emulator } = setup({ random: () => 0.5 });
  const heard: string[] = [];
  emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  render(
    <>
      {['left', 'right'].map((side) => (
        <AppConfigProvider
          key={side}
          {...props}
          onError={({ code }) => heard.push(`${side} ${code}`)}
        >
          <probe.Probe />
        </AppConfigProvider>
      ))}
    </>,
  );
  await advance(100);
  expect(heard).toEqual(expect.arrayContaining(['left AccessDenied', 'right AccessDenied']));
});

it('shows what is set between the first render and its effects', async () => {
  const { renderApp } = setup();
  const source = memorySource({ flags: { a: { enabled: true } } });
  function SetsInLayoutEffect() {
    useLayoutEffect(() => source.set('flags', { a: { enabled: false } }), []);
    return useFlagEnabled('a') ? 'on' : 'off';
  }
  const { container } = renderApp(<SetsInLayoutEffect />, { source });
  await advance(1_000);
  expect(container.textContent).toBe('off');
});

it('reports a source whose initial or subscribe throws, and goes on polling', async () => {
  const { renderApp, emulator, errors } = setup();
  const fail = (part: string) => () => {
    throw new Error(`no ${part}`);
  };
  const source = {
    ...createInPageSource(emulator),
    initial: fail('initial'),
    subscribe: fail('subscribe'),
  };
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const { unmount } = renderApp(<probe.Probe />, { source });
  await advance(100);
  expect(probe.value).toBe(true);
  expect(errors.map(String).join()).toMatch(/no subscribe.*no initial/);
  unmount();
  await advance();
  expect(vi.getTimerCount()).toBe(0);
});

describe('offline before the first answer', () => {
  function Settings() {
    return <output>{JSON.stringify(useSuspenseAppConfig('flags').data)}</output>;
  }

  it('shows the default of a suspending hook after a bounded wait, and the truth when the network is back', async () => {
    onlineManager.setOnline(false);
    const { renderApp, operations } = setup({ defaults: { flags: { a: { enabled: true } } } });
    const { container } = renderApp(
      <Suspense fallback="waiting">
        <Settings />
      </Suspense>,
    );
    await advance(1_000);
    expect(container.textContent).toBe('waiting');
    await advance(10_000);
    expect(container.textContent).toBe('{"a":{"enabled":true}}');
    expect(operations()).toEqual([]);
    act(() => onlineManager.setOnline(true));
    await advance(1_000);
    expect(container.textContent).toContain('dark-mode');
  });

  it('throws to the error boundary where there is no default', async () => {
    onlineManager.setOnline(false);
    const { renderApp, errors } = setup();
    const { container } = renderApp(
      <ErrorBoundary>
        <Suspense fallback="waiting">
          <Settings />
        </Suspense>
      </ErrorBoundary>,
    );
    await advance(10_000);
    expect(container.textContent).toContain('The browser is offline');
    expect(errors).toMatchObject([{ code: 'Offline', profile: 'flags' }]);
  });

  it('ends the loading of a <Feature>, also after the cache was emptied, and leaves no timer', async () => {
    onlineManager.setOnline(false);
    const queryClient = new QueryClient();
    const { renderApp } = setup({ queryClient });
    const { container, unmount } = renderApp(
      <Feature flag="dark-mode" loading="loading" fallback="off" />,
    );
    expect(container.textContent).toBe('loading');
    await advance(10_000);
    expect(container.textContent).toBe('off');
    for (const empty of ['clear', 'resetQueries'] as const) {
      act(() => void queryClient[empty]());
      await advance(10_000);
      expect(container.textContent).toBe('off');
    }
    act(() => queryClient.clear());
    unmount();
    await advance();
    expect(vi.getTimerCount()).toBe(0);
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

it('uses new credentials at once on refetch, and names them in the error while they are missing', async () => {
  let isSignedIn = false;
  const { renderApp, emulator, errors } = setup();
  const source = appConfigDataSource({
    region: 'us-east-1',
    credentials: () =>
      isSignedIn ? Promise.resolve(TEST_CREDENTIALS) : Promise.reject(new Error('not signed in')),
    requestHandler: emulatorRequestHandler(emulator),
  });
  const probe = createProbe(() => useAppConfig('flags'));
  renderApp(<probe.Probe />, { source, random: () => 1 });
  await advance(60_000);
  expect(probe.value).toMatchObject({ status: 'error', error: { code: 'MissingCredentials' } });
  expect(errors[0]?.message).toMatch(/not signed in.*Nothing was sent/);
  expect(errors[0]?.message).not.toContain('CORS');
  isSignedIn = true;
  await act(async () => {
    const refetched = probe.value?.refetch();
    await advance();
    await refetched;
  });
  expect(probe.value).toMatchObject({ status: 'success', data: FLAGS });
});

it('is right at the first render with a memory source, and follows it at once', async () => {
  const source = memorySource({ flags: FLAGS, site: { title: 'Shop' } });
  const { renderApp } = setup({ source });
  const flag = createProbe(() => useFlagEnabled('dark-mode'));
  const site = createProbe(() => useSuspenseAppConfig('site').data);
  renderApp(
    <>
      <flag.Probe />
      <site.Probe />
    </>,
  );
  expect([flag.values, site.values]).toEqual([[true], [{ title: 'Shop' }]]);
  source.set('flags', { 'dark-mode': { enabled: false } });
  await advance();
  expect(flag.values).toEqual([true, false]);
  expect(site.values).toEqual([{ title: 'Shop' }]);
});

describe('in development, the console', () => {
  function spyOnConsole() {
    const lines: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((line) => lines.push(String(line)));
    return lines;
  }

  it('says once that a flag is missing, with the name that was meant', async () => {
    const lines = spyOnConsole();
    const { renderApp } = setup();
    const probe = createProbe(() => useFlagEnabled('drak-mode'));
    renderApp(
      <>
        <probe.Probe />
        <probe.Probe />
      </>,
    );
    expect(lines).toEqual([]);
    await advance(3 * MINUTE_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'has no flag "drak-mode", so its default is used. Did you mean "dark-mode"?',
    );
  });

  it('reports the first failure if there is no onError, and only that', async () => {
    const lines = spyOnConsole();
    const { renderApp, emulator } = setup({ onError: undefined, random: () => 0.5 });
    emulator.inject({ kind: 'error', status: 403, times: 5 });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('AccessDenied');
  });

  it('says nothing in production', async () => {
    const lines = spyOnConsole();
    vi.stubEnv('NODE_ENV', 'production');
    const { renderApp, emulator } = setup({ onError: undefined, random: () => 0.5 });
    emulator.inject({ kind: 'error', status: 403 });
    const probe = createProbe(() => useFlagEnabled('drak-mode'));
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS);
    vi.unstubAllEnvs();
    expect(lines).toEqual([]);
  });

  it('names two copies of react-query', () => {
    const lines = spyOnConsole();
    const { props } = setup();
    const other = Object.create(null, Object.getOwnPropertyDescriptors(QueryClient.prototype));
    expect(new AppConfigClient({ ...props, queryClient: other })).toBeDefined();
    expect(lines.join()).toContain('npm ls @tanstack/react-query');
  });
});

describe('a wrong argument', () => {
  it.each([
    [
      'a plain object as schema',
      () => Reflect.apply(useAppConfig, undefined, ['flags', { schema: { type: 'object' } }]),
      'not a Standard Schema',
    ],
  ])('%s is refused with a clear error', async (_, useValue, message) => {
    const { renderApp } = setup();
    const probe = createProbe(useValue);
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ status: 'error', error: { code: 'InvalidArgument' } });
    expect(String(Reflect.get(Object(probe.value), 'error'))).toContain(message);
  });

  it('a client that is not one is refused with a clear error', () => {
    const client = JSON.parse(JSON.stringify(NAME));
    expect(() => render(<AppConfigProvider client={client} />)).toThrow(
      /must be an AppConfigClient/,
    );
  });

  it('a query client that is not one is refused with a clear error', () => {
    const { props } = setup();
    const queryClient = JSON.parse('{}');
    expect(() => new AppConfigClient({ ...props, queryClient })).toThrow(/must be a QueryClient/);
  });
});
