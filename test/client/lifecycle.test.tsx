import {
  focusManager,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  useQuery,
} from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { StrictMode, version as reactVersion } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  appConfigQueryKey,
  AppConfigProvider,
  useAppConfig,
  useAppConfigClient,
  useFlag,
  useFlagEnabled,
} from '../../src/entries/index.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { createInPageSource } from '../support/emulators.ts';
import {
  advance,
  createProbe,
  ErrorBoundary,
  FLAGS,
  MINUTE_MS,
  NAME,
  setup,
} from '../react/setup.tsx';

const START = 'StartConfigurationSession';
const GET = 'GetLatestConfiguration';

function OneReader() {
  return <p>{String(useFlagEnabled('dark-mode'))}</p>;
}

afterEach(() => {
  vi.restoreAllMocks();
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
});

describe('the life of a provider', () => {
  it('runs on the React that it says it does', () => {
    expect(reactVersion.split('.')[0]).toBe(import.meta.env['REACT_MAJOR']);
  });

  it('starts one session in StrictMode, and goes on polling', async () => {
    const { withProvider, operations, deploy } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    render(<StrictMode>{withProvider(<probe.Probe />)}</StrictMode>);
    await advance();
    expect(probe.value).toBe(true);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(probe.value).toBe(false);
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('has one timer and one observer for 500 components, and none after they are gone', async () => {
    const queryClient = new QueryClient();
    const { renderApp } = setup({ queryClient });
    const probe = createProbe(() => useFlag('dark-mode'));
    const { unmount } = renderApp(
      <>
        {Array.from({ length: 500 }, (_, index) => (
          <probe.Probe key={index} />
        ))}
      </>,
    );
    await advance();
    expect(vi.getTimerCount()).toBe(1);
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .map((query) => query.getObserversCount()),
    ).toEqual([1]);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks no more than the interval allows, whatever is called in a loop', async () => {
    const queryClient = new QueryClient();
    const { renderApp, operations } = setup({ queryClient });
    const probe = createProbe(() => useAppConfig('flags'));
    renderApp(<probe.Probe />);
    await advance();
    for (let round = 0; round < 30; round += 1) {
      await act(async () => {
        await probe.value?.refetch();
        await queryClient.invalidateQueries();
        await queryClient.refetchQueries();
      });
      act(() => {
        focusManager.setFocused(false);
        focusManager.setFocused(true);
        onlineManager.setOnline(false);
        onlineManager.setOnline(true);
      });
      await advance(1_000);
    }
    expect(operations()).toEqual([START, GET]);
    expect(probe.value).toMatchObject({ status: 'success', data: FLAGS });
    await advance(30_000);
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('is not cancelled by a refetch while the first poll is under way', async () => {
    const queryClient = new QueryClient();
    const { renderApp, operations } = setup({ queryClient });
    const probe = createProbe(() => useAppConfig('flags'));
    renderApp(<probe.Probe />);
    act(() => {
      void queryClient.refetchQueries();
      void probe.value?.refetch();
      void queryClient.resetQueries();
    });
    await advance();
    expect(operations()).toEqual([START, GET]);
    expect(probe.value).toMatchObject({ status: 'success', data: FLAGS });
  });

  it.each(['clear', 'resetQueries', 'removeQueries'] as const)(
    'loses nothing when the query cache is emptied by %s',
    async (empty) => {
      const queryClient = new QueryClient();
      const { renderApp, withProvider, operations, deploy } = setup({ queryClient });
      const probe = createProbe(() => useFlagEnabled('dark-mode'));
      const { rerender } = renderApp(<probe.Probe />);
      await advance();
      await act(async () => {
        await queryClient[empty]();
      });
      await advance(1_000);
      expect(probe.values).toEqual([false, true]);
      rerender(withProvider(<p>elsewhere</p>));
      await advance(1_000);
      rerender(withProvider(<probe.Probe />));
      expect(probe.value).toBe(true);
      deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
      await advance(MINUTE_MS);
      expect(probe.values).toEqual([false, true, true, false]);
      expect(operations()).toEqual([START, GET, GET]);
    },
  );

  it('keeps its session while no component reads it, and polls when one comes back', async () => {
    const { renderApp, withProvider, operations } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const { rerender } = renderApp(<probe.Probe />);
    await advance();
    rerender(withProvider(null));
    await advance(10 * MINUTE_MS);
    expect(operations()).toEqual([START, GET]);
    rerender(withProvider(<probe.Probe />));
    expect(probe.value).toBe(true);
    await advance();
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('may be unmounted with a poll under way, and mounted again', async () => {
    const queryClient = new QueryClient();
    const { renderApp, emulator, errors } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    emulator.inject({ kind: 'slow', delayMs: 5_000, operation: GET });
    const first = renderApp(<probe.Probe />);
    await advance(1_000);
    first.unmount();
    await advance(10_000);
    expect(
      queryClient
        .getQueryCache()
        .getAll()
        .map(({ state }) => state.status),
    ).toEqual(['pending']);
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toBe(true);
    expect(errors).toEqual([]);
  });

  it('shows what the query cache has at once when it is mounted again', async () => {
    const queryClient = new QueryClient();
    const { renderApp } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const first = renderApp(<probe.Probe />);
    await advance();
    first.unmount();
    renderApp(<probe.Probe />);
    expect(probe.values).toEqual([false, true, true]);
    await advance();
    expect(probe.values).toEqual([false, true, true]);
  });

  it('shares a query cache with another provider of the same configuration', async () => {
    const queryClient = new QueryClient();
    const { withProvider, emulator, deploy } = setup({ queryClient });
    const one = createProbe(() => useFlagEnabled('dark-mode'));
    const two = createProbe(() => useFlagEnabled('dark-mode'));
    const second = withProvider(<two.Probe />, { source: createInPageSource(emulator) });
    const { rerender } = render(<>{withProvider(<one.Probe />)}</>);
    await advance(30_000);
    rerender(
      <>
        {withProvider(<one.Probe />)}
        {second}
      </>,
    );
    await advance();
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(30_000);
    await act(() => queryClient.invalidateQueries());
    await advance(30_000);
    await act(() => queryClient.invalidateQueries());
    // The second one comes from a render of its parent.
    expect(one.values).toEqual([false, true, true, false]);
    expect(two.values).toEqual([true, false]);
  });

  it('keeps two environments apart, the nearest provider being the one that counts', async () => {
    const { withProvider, emulator } = setup();
    emulator.deploy({
      application: 'shop',
      environment: 'test',
      profile: 'flags',
      content: { 'dark-mode': { enabled: false } },
    });
    const outer = createProbe(() => useFlagEnabled('dark-mode'));
    const inner = createProbe(() => useFlagEnabled('dark-mode'));
    render(
      <QueryClientProvider client={new QueryClient()}>
        {withProvider(
          <>
            <outer.Probe />
            {withProvider(<inner.Probe />, { environment: 'test' })}
          </>,
        )}
      </QueryClientProvider>,
    );
    await advance();
    expect([outer.value, inner.value]).toEqual([true, false]);
  });

  it('changes sessions when its environment or its source changes, and for nothing else', async () => {
    const { withProvider, emulator, operations } = setup();
    emulator.deploy({ application: 'shop', environment: 'test', profile: 'flags', content: {} });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const { rerender } = render(withProvider(<probe.Probe />));
    await advance();
    rerender(
      withProvider(<probe.Probe />, { onError: () => {}, defaults: {}, parseYaml: JSON.parse }),
    );
    await advance();
    expect(operations()).toEqual([START, GET]);
    rerender(withProvider(<probe.Probe />, { environment: 'test' }));
    await advance();
    expect(operations()).toEqual([START, GET, START, GET]);
    expect(probe.value).toBe(false);
  });

  it('reports to the newest onError', async () => {
    const { withProvider, emulator, errors } = setup();
    const heard: string[] = [];
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const { rerender } = render(withProvider(<probe.Probe />));
    await advance();
    rerender(withProvider(<probe.Probe />, { onError: ({ code }) => heard.push(code) }));
    emulator.inject({ kind: 'error', status: 429 });
    await advance(MINUTE_MS);
    expect(errors).toEqual([]);
    expect(heard).toEqual(['Throttled']);
  });

  it('uses the query client given, else the nearest, else its own', () => {
    const { withProvider } = setup();
    const given = new QueryClient();
    const nearest = new QueryClient();
    const seen: QueryClient[] = [];
    const Reader = () => {
      seen.push(useAppConfigClient().queryClient);
      return null;
    };
    render(withProvider(<Reader />));
    render(<QueryClientProvider client={nearest}>{withProvider(<Reader />)}</QueryClientProvider>);
    render(
      <QueryClientProvider client={nearest}>
        {withProvider(<Reader />, { queryClient: given })}
      </QueryClientProvider>,
    );
    expect(seen[0]).toBeInstanceOf(QueryClient);
    expect([seen[1] === nearest, seen[2] === given]).toEqual([true, true]);
  });

  it('leaves a client that was made elsewhere alive', async () => {
    const { props, operations } = setup();
    const client = new AppConfigClient(props);
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const app = (
      <AppConfigProvider client={client}>
        <probe.Probe />
      </AppConfigProvider>
    );
    render(app).unmount();
    await advance();
    render(app);
    expect(probe.value).toBe(true);
    await advance(MINUTE_MS);
    expect(operations()).toEqual([START, GET, GET]);
    client.dispose();
  });
});

describe('polling in the background', () => {
  it('rests while the tab is hidden, and polls once on return if a poll is due', async () => {
    const { renderApp, operations } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance();
    act(() => focusManager.setFocused(false));
    await advance(10 * MINUTE_MS);
    expect(operations()).toEqual([START, GET]);
    act(() => focusManager.setFocused(true));
    await advance();
    expect(operations()).toEqual([START, GET, GET]);
    act(() => focusManager.setFocused(false));
    act(() => focusManager.setFocused(true));
    await advance();
    expect(operations()).toEqual([START, GET, GET]);
  });

  it.each(['in StrictMode', 'with overrides that come later'])(
    'waits for the network for a while before it says that it is offline, %s',
    async (how) => {
      const { props, errors } = setup();
      act(() => onlineManager.setOnline(false));
      const client = new AppConfigClient(props);
      const page = (
        <AppConfigProvider client={client}>
          <OneReader />
        </AppConfigProvider>
      );
      render(how === 'in StrictMode' ? <StrictMode>{page}</StrictMode> : page);
      await advance(1_000);
      if (how !== 'in StrictMode') act(() => client.setOverrides(memoryOverrides()));
      await advance(1_000);
      expect(errors).toEqual([]);
      await advance(10_000);
      expect(errors.map(({ code }) => code)).toEqual(['Offline']);
    },
  );

  it('reports nothing of a page that is left while the network is awaited', async () => {
    const { props, errors } = setup();
    act(() => onlineManager.setOnline(false));
    const { unmount } = render(
      <AppConfigProvider client={new AppConfigClient(props)}>
        <OneReader />
      </AppConfigProvider>,
    );
    await advance(1_000);
    unmount();
    await advance(10_000);
    expect(errors).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when overrides cannot be followed at first', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { props, emulator } = setup();
    const overrides = memoryOverrides();
    const subscribe = vi.spyOn(overrides, 'subscribe').mockImplementationOnce(() => {
      throw new Error('not yet');
    });
    const client = new AppConfigClient({ ...props, overrides });
    const { unmount, getByRole } = render(
      <AppConfigProvider client={client}>
        <ErrorBoundary>
          <OneReader />
        </ErrorBoundary>
      </AppConfigProvider>,
    );
    await advance();
    act(() => getByRole('button').click());
    await advance();
    expect(subscribe.mock.calls.length).toBeGreaterThan(1);
    unmount();
    client.dispose();
    await advance();
    const before = emulator.requests.length;
    await advance(10 * MINUTE_MS);
    expect(emulator.requests).toHaveLength(before);
  });

  it('rests while the browser is offline, and comes back with the network', async () => {
    const { renderApp, operations } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    act(() => onlineManager.setOnline(false));
    renderApp(<probe.Probe />);
    await advance(5 * MINUTE_MS);
    expect(operations()).toEqual([]);
    act(() => onlineManager.setOnline(true));
    await advance();
    expect(probe.value).toBe(true);
    act(() => onlineManager.setOnline(false));
    await advance(5 * MINUTE_MS);
    act(() => onlineManager.setOnline(true));
    await advance();
    expect(operations()).toEqual([START, GET, GET]);
  });
});

describe('the query cache', () => {
  it('serves useQuery, prefetchQuery and the hooks from one session', async () => {
    const queryClient = new QueryClient();
    const { props, operations } = setup({ queryClient });
    const client = new AppConfigClient(props);
    await act(async () => {
      const prefetched = queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
      await advance();
      await prefetched;
    });
    const query = createProbe(() => useQuery(appConfigQuery(useAppConfigClient(), 'flags')).data);
    const flag = createProbe(() => useFlagEnabled('dark-mode'));
    render(
      <QueryClientProvider client={queryClient}>
        <AppConfigProvider client={client}>
          <query.Probe />
          <flag.Probe />
        </AppConfigProvider>
      </QueryClientProvider>,
    );
    expect(query.values).toEqual([FLAGS]);
    expect(flag.values).toEqual([true]);
    await advance(MINUTE_MS);
    expect(operations()).toEqual([START, GET, GET]);
  });

  it("shows what somebody else writes into it, until the service's next word", async () => {
    const queryClient = new QueryClient();
    const { renderApp, props } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance();
    const key = appConfigQueryKey(props.source, NAME.application, NAME.environment, 'flags');
    act(() => {
      queryClient.setQueryData(key, (snapshot: object) => ({
        ...snapshot,
        value: { ...FLAGS, 'dark-mode': { enabled: false } },
      }));
    });
    expect(probe.value).toBe(false);
    await advance(MINUTE_MS / 2);
    expect(probe.value).toBe(false);
    await advance(MINUTE_MS);
    expect(probe.value).toBe(true);
  });

  it('holds no token', async () => {
    const queryClient = new QueryClient();
    const { renderApp } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS);
    const cached = queryClient
      .getQueryCache()
      .getAll()
      .map(({ state, queryKey }) => ({ state, queryKey }));
    expect(JSON.stringify(cached)).toContain('dark-mode');
    expect(JSON.stringify(cached)).not.toContain('emulator-');
  });

  it('obeys none of the defaults that would break a session', async () => {
    const queryClient = new QueryClient({
      defaultOptions: {
        queries: {
          retry: 3,
          retryDelay: 1,
          staleTime: 0,
          refetchOnWindowFocus: 'always',
          refetchInterval: 100,
          gcTime: 0,
        },
      },
    });
    const { renderApp, emulator, operations } = setup({ queryClient });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    emulator.inject({ kind: 'error', status: 403, retryAfterInSeconds: 60, operation: GET });
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS - 1_000);
    expect(operations()).toEqual([START, GET]);
    await advance(2_000);
    expect(operations()).toEqual([START, GET, START, GET]);
    expect(probe.value).toBe(true);
  });
});

it('answers a render that its parent causes with the same object', async () => {
  const { renderApp, withProvider } = setup();
  const probe = createProbe(() => useFlag('new-checkout'));
  const { rerender } = renderApp(<probe.Probe />);
  await advance();
  const before = probe.value;
  rerender(withProvider(<probe.Probe />));
  expect(probe.renders).toBe(3);
  expect(probe.value).toBe(before);
});
