import { onlineManager, QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import * as React from 'react';
import { Fragment, type ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQuery,
  appConfigQueryKey,
  AppConfigProvider,
  useAppConfigClient,
  useFlagDetails,
  useFlagEnabled,
} from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { persistAppConfig } from '../../src/entries/persistence.ts';
import { collectUncaught } from '../support/uncaught.ts';
import { advance, createProbe, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const ON = { 'dark-mode': { enabled: true } };
const OFF = { 'dark-mode': { enabled: false } };
const IS_REACT_19 = process.env['REACT_MAJOR'] === '19';

afterEach(() => {
  onlineManager.setOnline(true);
  vi.restoreAllMocks();
  localStorage.clear();
});

function Dark() {
  return <p>{String(useFlagEnabled('dark-mode'))}</p>;
}

/** A source whose answers a test may hold back. */
function createSource(name: string, parts: Partial<ConfigurationSource> = {}) {
  let document: unknown = ON;
  let version = 1;
  let requests = 0;
  let open = () => {};
  let gate = Promise.resolve();
  const source: ConfigurationSource = {
    name,
    getLatestConfiguration: async ({ token, entityId }) => {
      requests += 1;
      await gate;
      const nextToken = `${entityId} ${version}`;
      const text = JSON.stringify(typeof document === 'function' ? document(entityId) : document);
      return {
        configuration: new TextEncoder().encode(token === nextToken ? '' : text),
        contentType: 'application/json',
        nextToken,
        nextPollIntervalInSeconds: 60,
        versionLabel: `v${version}`,
      };
    },
    ...parts,
  };
  return {
    source,
    get requests() {
      return requests;
    },
    deploy(next: unknown) {
      document = next;
      version += 1;
    },
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    letGo: () => open(),
  };
}

describe('a poll', () => {
  it.runIf(IS_REACT_19).each(['hidden', 'unmounted'])(
    'that waited for the network goes on when the page is back that was %s meanwhile',
    async (how) => {
      const app = createSource('paused');
      const { withProvider } = setup({ source: app.source, queryClient: new QueryClient() });
      const page = (isThere: boolean): ReactNode =>
        how === 'hidden' ? (
          <React.Activity mode={isThere ? 'visible' : 'hidden'}>
            {withProvider(<Dark />)}
          </React.Activity>
        ) : (
          <>{isThere && withProvider(<Dark />)}</>
        );
      const { rerender } = render(page(true));
      await advance(1_000);
      act(() => onlineManager.setOnline(false));
      await advance(2 * MINUTE_MS);
      rerender(page(false));
      await advance(1_000);
      act(() => onlineManager.setOnline(true));
      app.deploy(OFF);
      rerender(page(true));
      await advance(2 * MINUTE_MS);
      expect(screen.getByText('false')).toBeTruthy();
    },
  );

  it('of a loader is not cancelled by a provider that unmounts', async () => {
    const app = createSource('loader');
    const { withProvider } = setup({ source: app.source });
    const { unmount } = render(withProvider(<Dark />));
    await advance();
    app.hold();
    await advance(MINUTE_MS + 1_000);
    const queryClient = new QueryClient();
    const loader = new AppConfigClient({ ...NAME, source: app.source, queryClient });
    const fetched = queryClient.fetchQuery(appConfigQuery(loader, 'flags'));
    await advance();
    unmount();
    await advance();
    app.letGo();
    await advance();
    expect(await fetched).toMatchObject({ versionLabel: 'v1' });
  });

  it('that asks nothing leaves what others have written since', async () => {
    const app = createSource('written');
    const queryClient = new QueryClient();
    const { renderApp } = setup({ source: app.source, queryClient });
    renderApp(<Dark />);
    await advance(10_000);
    const key = appConfigQueryKey(app.source, NAME.application, NAME.environment, 'flags');
    act(() => void queryClient.setQueryData(key, { value: OFF }));
    await advance(1_000);
    await act(() => queryClient.invalidateQueries());
    await advance(1_000);
    expect([app.requests, screen.getByRole('paragraph').textContent]).toEqual([1, 'false']);
  });

  it('goes out for a pushed change and for a person, however fresh the cache is', async () => {
    let announce = () => {};
    const app = createSource('pushed', {
      subscribe: (_request, onChange) => {
        announce = () => onChange();
        return () => {};
      },
    });
    const queryClient = new QueryClient();
    const { renderApp } = setup({ source: app.source, queryClient });
    const key = appConfigQueryKey(app.source, NAME.application, NAME.environment, 'flags');
    queryClient.setQueryData(key, { value: OFF });
    const probe = createProbe(() => useAppConfigClient().profile());
    renderApp(
      <>
        <Dark />
        <probe.Probe />
      </>,
    );
    await advance(1_000);
    expect(app.requests).toBe(0);
    announce();
    await advance();
    expect(screen.getByText('true')).toBeTruthy();
    expect(app.requests).toBeGreaterThan(0);
  });
});

describe('what nobody subscribes to', () => {
  it('shows what was polled since, and is polled when somebody asks', async () => {
    const app = createSource('plain');
    const { props } = setup({ source: app.source });
    const client = new AppConfigClient(props);
    const dark = () => client.profile().flag('dark-mode').enabled;
    expect(dark()).toBe(false);
    const ready = client.profile().ready();
    await advance();
    await ready;
    expect(dark()).toBe(true);
    app.deploy(OFF);
    await advance(MINUTE_MS);
    const refetched = client.profile().refetch();
    await advance();
    await refetched;
    expect(dark()).toBe(false);
    client.dispose();
  });

  it('is not slowed down, with a new source each time, as without React or by useQuery alone', async () => {
    const { withProvider } = setup();
    const Document = () => (
      <p>{String(useQuery(appConfigQuery(useAppConfigClient(), 'flags')).status)}</p>
    );
    for (let index = 0; index < 8; index += 1) {
      const { source } = createSource('many');
      const client = new AppConfigClient({ ...NAME, source, flags: 'flags' });
      const ready = client.profile().ready();
      await advance(100);
      await ready;
      client.dispose();
      const { unmount } = render(
        withProvider(<Document />, { source: createSource('many').source }),
      );
      await advance(100);
      expect(screen.getByText('success')).toBeTruthy();
      unmount();
    }
  });
});

describe('one reader', () => {
  it('that throws keeps no other from the news, and is heard of', async () => {
    const uncaught = collectUncaught();
    const source = memorySource({ flags: ON });
    const { renderApp } = setup({ source });
    const probe = createProbe(() => useAppConfigClient());
    renderApp(
      <>
        <probe.Probe />
        <Dark />
      </>,
    );
    const stop = probe.value?.profile().subscribe(() => {
      throw new Error('a bad subscriber');
    });
    source.set('flags', OFF);
    await advance();
    expect(screen.getByText('false')).toBeTruthy();
    await vi.waitFor(() => expect(uncaught.map(String)).toContain('Error: a bad subscriber'));
    stop?.();
  });

  it('on another copy of the package shares the query cache', async () => {
    const { props } = setup();
    vi.resetModules();
    const other = await import('../../src/entries/index.ts');
    const OtherDark = () => <p>{String(other.useFlagEnabled('dark-mode'))}</p>;
    render(
      <QueryClientProvider client={new QueryClient()}>
        <AppConfigProvider {...props}>
          <Dark />
        </AppConfigProvider>
        <other.AppConfigProvider {...props}>
          <OtherDark />
        </other.AppConfigProvider>
      </QueryClientProvider>,
    );
    await advance();
    expect(screen.getAllByText('true')).toHaveLength(2);
  });

  it('leaves no selection behind, however often a wrapping client makes one', async () => {
    const { props } = setup();
    const client = new AppConfigClient(props);
    const pinned: AppConfigClient = {
      ...client,
      profile: (name) => ({ ...client.profile(name) }),
    };
    const page = (count: number) => (
      <AppConfigProvider client={pinned}>
        <b>{count}</b>
        <Dark />
      </AppConfigProvider>
    );
    const { rerender } = render(page(0));
    await advance();
    for (let count = 1; count < 50; count += 1) rerender(page(count));
    await advance();
    expect(client.profile().readerCountOf('dark-mode')).toBe(1);
    client.dispose();
  });
});

describe('a client that wraps another one', () => {
  const on = { 'dark-mode': { enabled: true } } as const;
  const pinFlags = (client: AppConfigClient): AppConfigClient['profile'] => {
    return (name) => {
      const profile = client.profile(name);
      return {
        ...profile,
        select: (read, options) =>
          profile.select((flags, last) => read({ ...flags, overrides: on }, last), options),
      };
    };
  };

  it.each<[string, (client: AppConfigClient) => AppConfigClient]>([
    ['as a copy of its members', (client) => ({ ...client, profile: pinFlags(client) })],
    [
      'as its prototype',
      (client) => Object.create(client, { profile: { value: pinFlags(client) } }),
    ],
    [
      'in a Proxy',
      (client) =>
        new Proxy(client, {
          get: (target, key, receiver) =>
            key === 'profile' ? pinFlags(target) : Reflect.get(target, key, receiver),
        }),
    ],
  ])('%s pins a flag, and has all that the other one has', async (_, wrap) => {
    const { props } = setup();
    const overrides = memoryOverrides();
    const client = new AppConfigClient({ ...props, overrides, entityId: 'somebody' });
    const wrapper = wrap(client);
    const probe = createProbe(() => useAppConfigClient().evaluationContext.entityId);
    render(
      <AppConfigProvider client={wrapper}>
        <Dark />
        <probe.Probe />
      </AppConfigProvider>,
    );
    await advance();
    expect(screen.getByText('true')).toBeTruthy();
    expect(client.profile().flag('dark-mode').enabled).toBe(false);
    expect(probe.value).toBe('somebody');
    expect(wrapper.overrides).toBe(overrides);
    expect(wrapper.onExposure).toBeUndefined();
    wrapper.dispose();
  });
});

describe('a source', () => {
  it('that is replaced by one that knows its answer is loaded at once', async () => {
    const { withProvider } = setup();
    const probe = createProbe(() => {
      const { flag, reason } = useFlagDetails('dark-mode');
      return `${flag.enabled} ${reason}`;
    });
    const page = (flags: object) =>
      withProvider(<probe.Probe />, { source: memorySource({ flags }) });
    const { rerender } = render(page(ON));
    await advance(2_000);
    rerender(page(OFF));
    await advance(1_000);
    expect(probe.value).toBe('false loaded');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no subscription');
      },
    ],
    ['returns nothing', () => JSON.parse('null')],
  ])('whose subscribe %s is subscribed to once', async (_, subscribe) => {
    const spy = vi.fn<() => () => void>(subscribe);
    const { source } = createSource('once', { subscribe: spy });
    const { renderApp } = setup({ source });
    renderApp(<Dark />);
    await advance(5 * MINUTE_MS);
    expect(spy).toHaveBeenCalledTimes(1);
  });

  it('that still waits is taken when the provider comes back', async () => {
    const [one, two] = [createSource('waits'), createSource('waits')];
    two.deploy(OFF);
    const { props } = setup();
    const client = new AppConfigClient({ ...props, source: one.source });
    const stop = client.profile().subscribe(() => undefined);
    await advance(100);
    client.setSource(two.source);
    client.dispose();
    await advance(1_000);
    client.setSource(two.source);
    await advance(1_000);
    expect(client.profile().flag('dark-mode').enabled).toBe(false);
    stop();
    client.dispose();
  });
});

it('keeps its cache and its client when its own QueryClient comes back into use', async () => {
  const { withProvider } = setup();
  const probe = createProbe(() => useAppConfigClient());
  const { rerender } = render(withProvider(<probe.Probe />, { queryClient: new QueryClient() }));
  for (let times = 0; times < 3; times += 1) {
    rerender(withProvider(<probe.Probe />));
    await advance();
  }
  expect(new Set(probe.values).size).toBe(2);
});

describe('after a sign-out', () => {
  const flagsOf = (entityId: string | undefined) => ({
    'dark-mode': { enabled: entityId === 'ann' },
  });

  /** An app as the guide has it: its provider has the person as its key. */
  function setupShop() {
    const people = createSource('people');
    people.deploy(flagsOf);
    const app = setup({ source: people.source });
    const page = (person: string | undefined, options: Partial<typeof app.props> = {}) => (
      <Fragment key={person}>
        {app.withProvider(<Dark />, { entityId: person, ...options })}
      </Fragment>
    );
    return { ...app, page };
  }

  it.each(['a cache of its own', 'one cache for the whole app', 'a persisted cache'])(
    'the next person in the tab sees nothing of the first one, not even for a moment, with %s',
    async (cache) => {
      const { page } = setupShop();
      const shared = cache === 'one cache for the whole app' ? new QueryClient() : undefined;
      const persisted = () => {
        if (cache !== 'a persisted cache') return shared;
        const queryClient = new QueryClient();
        persistAppConfig(queryClient);
        return queryClient;
      };
      const seen: (string | null)[] = [];
      const optionsNow = () => ({ queryClient: persisted() });
      const annsCache = optionsNow();
      const { rerender } = render(page('ann', annsCache));
      await advance(MINUTE_MS);
      expect(screen.getByText('true')).toBeTruthy();
      const observer = new MutationObserver(() => seen.push(document.body.textContent));
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      rerender(page('ben', annsCache));
      await advance(MINUTE_MS);
      rerender(page(undefined, annsCache));
      await advance(MINUTE_MS);
      cleanup();
      // A reload.
      render(page('ben', optionsNow()));
      seen.push(document.body.textContent);
      await advance(MINUTE_MS);
      observer.disconnect();
      expect(seen.join()).not.toContain('true');
    },
  );

  it('the overrides of one person end with the store that held them', async () => {
    const { page } = setupShop();
    const overrides = memoryOverrides();
    overrides.setFlag('dark-mode', true);
    const { rerender } = render(page('ben', { overrides }));
    await advance();
    expect(screen.getByText('true')).toBeTruthy();
    rerender(page('cid', { overrides: memoryOverrides() }));
    expect(screen.getByText('false')).toBeTruthy();
    await advance(MINUTE_MS);
    expect(screen.getByText('false')).toBeTruthy();
  });
});
