import { dehydrate, hydrate, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { StrictMode, Suspense, useState, type ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  appConfigQueryKey,
  AppConfigProvider,
  useAppConfig,
  useAppConfigStatus,
  useFlagDetails,
  useFlagEnabled,
  useSuspenseAppConfig,
  type AppConfigClientOptions,
} from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { createInPageAgentSource, createInPageSource } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const START = 'StartConfigurationSession';

silenceThrownErrors();

afterEach(() => {
  vi.restoreAllMocks();
});

const DARK = { ...FLAGS, 'dark-mode': { enabled: false } };

/** A source of which a test says what it answers, and how often it wants to be asked. */
function createSource(name: string, options: { intervalInSeconds?: number } = {}) {
  const { intervalInSeconds = 60 } = options;
  const asked: { readonly entityId: string | undefined; readonly isFirst: boolean }[] = [];
  const released: string[] = [];
  let document: unknown = FLAGS;
  let version = 1;
  const source: ConfigurationSource = {
    name,
    getLatestConfiguration: async ({ entityId, token }) => {
      asked.push({ entityId, isFirst: token === undefined });
      const isUnchanged = token === `token-${version}`;
      return {
        configuration: new TextEncoder().encode(isUnchanged ? '' : JSON.stringify(document)),
        contentType: 'application/json',
        nextToken: `token-${version}`,
        nextPollIntervalInSeconds: intervalInSeconds,
        versionLabel: `v${version}`,
      };
    },
    release: ({ profile, entityId }) => void released.push(entityId ?? profile),
  };
  return {
    source,
    asked,
    released,
    deploy(next: unknown) {
      document = next;
      version += 1;
    },
  };
}

/** What somebody else has put into a query cache. */
function writeInto(
  queryClient: QueryClient,
  source: ConfigurationSource,
  snapshot: object,
  updatedAt = Date.now(),
) {
  const from = new QueryClient();
  const key = appConfigQueryKey(source, NAME.application, NAME.environment, 'flags');
  from.setQueryData(key, snapshot, { updatedAt });
  hydrate(queryClient, structuredClone(dehydrate(from)));
}

function Dark() {
  return <p>{String(useFlagEnabled('dark-mode'))}</p>;
}

describe('what somebody else writes into the cache', () => {
  it("counts until the service's next word, though it is stamped by a clock that is ahead", async () => {
    const queryClient = new QueryClient();
    const { renderApp, props } = setup({ queryClient });
    const probe = createProbe(() => useFlagDetails('dark-mode').flag.enabled);
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS / 2);
    const old = { value: DARK, versionLabel: 'v0', contentType: 'application/json' };
    act(() => writeInto(queryClient, props.source, old, Date.now() + 60 * MINUTE_MS));
    expect(probe.value).toBe(false);
    await advance(MINUTE_MS);
    expect(probe.value).toBe(true);
  });

  it('is due when its own interval is over, also if its clock is ahead', async () => {
    for (const aheadMs of [0, 60 * MINUTE_MS]) {
      const queryClient = new QueryClient();
      const { source, asked } = createSource(`due ${aheadMs}`);
      const { renderApp } = setup({ source, queryClient });
      const snapshot = {
        value: DARK,
        versionLabel: 'v0',
        contentType: 'application/json',
        pollIntervalInSeconds: 5,
      };
      writeInto(queryClient, source, snapshot, Date.now() + aheadMs);
      const { unmount } = renderApp(<Dark />);
      await advance(4_000);
      expect(asked).toHaveLength(0);
      await advance(2_000);
      expect(asked).toHaveLength(1);
      expect(screen.getByText('true')).toBeTruthy();
      unmount();
      vi.useRealTimers();
    }
  });

  it('carries the interval of its answer, so that a page that is hydrated with it knows', async () => {
    const queryClient = new QueryClient();
    const { source } = createSource('five seconds', { intervalInSeconds: 5 });
    const { renderApp } = setup({ source, queryClient });
    renderApp(<Dark />);
    await advance();
    const key = appConfigQueryKey(source, NAME.application, NAME.environment, 'flags');
    expect(queryClient.getQueryData(key)).toMatchObject({ pollIntervalInSeconds: 5 });
  });

  it('is not overwritten by what the session knew before it', async () => {
    const queryClient = new QueryClient();
    const { withProvider, props } = setup({ queryClient });
    const { rerender } = render(withProvider(<Dark />));
    await advance();
    rerender(withProvider(null));
    await advance(1_000);
    const newer = { value: DARK, versionLabel: 'v9', contentType: 'application/json' };
    act(() => writeInto(queryClient, props.source, newer));
    rerender(withProvider(<Dark />));
    await advance(1_000);
    expect(screen.getByText('false')).toBeTruthy();
  });
});

describe('a source that is replaced by another one of its name', () => {
  it('is asked at once, and the old values stay as stale until then', async () => {
    const before = createSource('app', { intervalInSeconds: 600 });
    const after = createSource('app');
    after.deploy(DARK);
    const { withProvider } = setup();
    const probe = createProbe(() => {
      const { flag, reason } = useFlagDetails('dark-mode');
      return `${flag.enabled} ${reason}`;
    });
    const { rerender } = render(withProvider(<probe.Probe />, { source: before.source }));
    await advance(10_000);
    rerender(withProvider(<probe.Probe />, { source: after.source }));
    expect(after.asked).toHaveLength(1);
    await advance();
    expect(probe.values.slice(1)).toEqual([
      'true loaded',
      'true loaded',
      'true stale',
      'false loaded',
    ]);
    expect(before.released).toEqual(['flags']);
  });

  it('wins at the fourth save in ten seconds, too, asked at once, values kept', async () => {
    const { withProvider } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const saves = Array.from({ length: 5 }, () => createSource('hot'));
    const [first, ...others] = saves;
    const page = (source: ConfigurationSource | undefined) =>
      withProvider(<probe.Probe />, { ...(source && { source }) });
    const { rerender } = render(page(first?.source));
    await advance(2_000);
    for (const save of others) {
      rerender(page(save.source));
      await advance();
      expect(save.asked).toHaveLength(1);
      await advance(2_000);
    }
    expect(new Set(probe.values.slice(1))).toEqual(new Set([true]));
  });

  it('is followed by all providers of a cache, and none of them reports a clash', async () => {
    const { withProvider, errors } = setup();
    const queryClient = new QueryClient();
    const [before, after] = [createSource('hot'), createSource('hot')];
    after.deploy(DARK);
    const page = (source: ConfigurationSource) => (
      <>
        {withProvider(<Dark />, { queryClient, source })}
        {withProvider(<Dark />, { queryClient, source })}
      </>
    );
    const { rerender } = render(page(before.source));
    await advance(2_000);
    rerender(page(after.source));
    await advance();
    expect(screen.getAllByText('false')).toHaveLength(2);
    expect(errors).toEqual([]);
  });
});

describe('providers over one source in one commit', () => {
  it.each<[string, (index: number) => Partial<AppConfigClientOptions>]>([
    [
      'other defaults',
      (index: number) => ({ defaults: { flags: { [`own-${index}`]: { enabled: true } } } }),
    ],
    ['other query clients', () => ({ queryClient: new QueryClient() })],
    ['other profiles', (index: number) => ({ flags: `flags-${index}` })],
  ])('are all right at once, with %s', async (_, optionsOf) => {
    const { withProvider, emulator, errors } = setup();
    const indexes = Array.from({ length: 12 }, (_unused, index) => index);
    for (const index of indexes) {
      emulator.deploy({ ...NAME, profile: `flags-${index}`, content: FLAGS });
    }
    const options = indexes.map(optionsOf);
    render(
      <>
        {options.map((each, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they never move
          <div key={index}>{withProvider(<Dark />, each)}</div>
        ))}
      </>,
    );
    await advance(100);
    expect(screen.getAllByText('true')).toHaveLength(12);
    expect(errors).toEqual([]);
  });

  it('share one session, and each hears what another one has polled', async () => {
    const { withProvider, operations, deploy } = setup();
    const page = (hasBoth: boolean) => (
      <>
        {withProvider(<Dark />, { queryClient: first })}
        {hasBoth && withProvider(<Dark />, { queryClient: second })}
      </>
    );
    const [first, second] = [new QueryClient(), new QueryClient()];
    const { rerender } = render(page(false));
    await advance(MINUTE_MS / 2);
    rerender(page(true));
    expect(screen.getAllByText('true')).toHaveLength(2);
    deploy(DARK);
    await advance(MINUTE_MS / 2 + 1_000);
    expect(screen.getAllByText('false')).toHaveLength(2);
    expect(operations()).toHaveLength(3);
  });

  it('of one cache poll by the smallest interval', async () => {
    const { withProvider, emulator } = setup();
    const queryClient = new QueryClient();
    render(
      <>
        {withProvider(<Dark />, { queryClient })}
        {withProvider(<Dark />, { queryClient, requiredMinimumPollIntervalInSeconds: 15 })}
      </>,
    );
    await advance(MINUTE_MS);
    const polls = emulator.requests.filter(({ operation }) => operation !== START);
    expect(polls.length).toBeGreaterThanOrEqual(4);
  });

  it('that decode one query in two ways are told so, and the first way is used', async () => {
    const { withProvider, errors } = setup();
    const queryClient = new QueryClient();
    const decode = (value: object) => () => value;
    const Site = () => <p>{JSON.stringify(useAppConfig('flags').data)}</p>;
    render(
      <>
        {withProvider(<Site />, { queryClient, decoders: { flags: decode({ a: 1 }) } })}
        {withProvider(<Site />, { queryClient, decoders: { flags: decode({ b: 1 }) } })}
      </>,
    );
    await advance();
    expect(screen.getAllByText('{"a":1}')).toHaveLength(2);
    expect(errors).toMatchObject([{ code: 'InvalidArgument', profile: 'flags' }]);
    expect(String(errors[0])).toContain('decode "flags" in different ways');
  });
});

describe('a session', () => {
  it('is found by the next render if the first one is thrown away, with the cache of other queries', async () => {
    const { props, operations } = setup();
    function Settings() {
      return <p>{JSON.stringify(useSuspenseAppConfig('flags').data)}</p>;
    }
    render(
      <StrictMode>
        <Suspense fallback="waiting">
          <AppConfigProvider {...props}>
            <Settings />
          </AppConfigProvider>
        </Suspense>
      </StrictMode>,
    );
    await advance();
    expect(screen.getByText(/dark-mode/)).toBeTruthy();
    expect(operations()).toHaveLength(2);
  });

  it('begins anew where a render that was thrown away is long ago', async () => {
    const { source, asked } = createSource('forgotten');
    const { withProvider } = setup({ source });
    function Settings() {
      return <p>{JSON.stringify(useSuspenseAppConfig('flags').data)}</p>;
    }
    const page = <Suspense fallback="waiting">{withProvider(<Settings />)}</Suspense>;
    const never = new Promise<never>(() => undefined);
    function Never(): ReactNode {
      throw never;
    }
    const { unmount } = render(
      <Suspense fallback="waiting">
        {withProvider(
          <>
            <Settings />
            <Never />
          </>,
        )}
      </Suspense>,
    );
    await advance();
    unmount();
    vi.setSystemTime(Date.now() + 60 * MINUTE_MS);
    render(page);
    expect(screen.getByText('waiting')).toBeTruthy();
    await advance();
    expect(asked.filter(({ isFirst }) => isFirst)).toHaveLength(2);
  });

  it('is kept while its readers come and go, and ends with its provider', async () => {
    const { source, asked, released } = createSource('held');
    const { withProvider } = setup({ source });
    const { rerender, unmount } = render(withProvider(<Dark />));
    await advance();
    for (let times = 0; times < 3; times += 1) {
      rerender(withProvider(null));
      await advance(2 * MINUTE_MS);
      rerender(withProvider(<Dark />));
      await advance();
    }
    expect(asked.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    expect(released).toEqual([]);
    unmount();
    await advance();
    expect(released).toEqual(['flags']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is let go of for each audience that was, and nothing is left after dispose', async () => {
    const { source, asked, released } = createSource('people');
    const { withProvider } = setup({ source });
    const { rerender, unmount } = render(withProvider(<Dark />, { entityId: 'person 0' }));
    await advance();
    for (let index = 1; index < 20; index += 1) {
      rerender(withProvider(<Dark />, { entityId: `person ${index}` }));
      await advance();
    }
    expect(asked.map(({ entityId }) => entityId)).toHaveLength(20);
    expect(released).toHaveLength(19);
    unmount();
    await advance();
    expect(released).toHaveLength(20);
  });

  it('of a source at module level begins with `initial` in the next test', async () => {
    let isOn = true;
    const source: ConfigurationSource = {
      ...memorySource({ flags: FLAGS }, { name: 'module' }),
      initial: (request) => memorySource({ flags: isOn ? FLAGS : DARK }).initial?.(request),
    };
    for (const expected of ['true', 'false', 'true']) {
      isOn = expected === 'true';
      const { withProvider } = setup();
      const { unmount } = render(withProvider(<Dark />, { source }));
      expect(screen.getByText(expected)).toBeTruthy();
      unmount();
      await Promise.resolve();
      vi.useRealTimers();
    }
  });
});

describe('an audience that cannot be asked for', () => {
  it.each([
    ['an empty entity', { entityId: '' }],
    ['a number', { entityId: JSON.parse('42') }],
    ['null', { entityId: JSON.parse('null') }],
    ['3,000 bytes', { entityId: 'x'.repeat(3_000) }],
    ['a context that holds a list', { entityId: 'ann', context: JSON.parse('{"age":[7]}') }],
  ])('at run time is reported, and the last one stays: %s', async (_, wrong) => {
    const { source, asked } = createSource('people');
    const { withProvider, errors } = setup({ source });
    const { rerender } = render(withProvider(<Dark />, { entityId: 'ann' }));
    await advance();
    rerender(withProvider(<Dark />, wrong));
    await advance(2 * MINUTE_MS);
    expect(screen.getByText('true')).toBeTruthy();
    expect(new Set(asked.map(({ entityId }) => entityId))).toEqual(new Set(['ann']));
    expect(errors.map(({ code }) => code)).toEqual(['InvalidArgument']);
  });

  it('for lack of a member is asked for without it', async () => {
    const { emulator, withProvider, errors } = setup();
    const source = createInPageAgentSource(emulator);
    const { rerender } = render(withProvider(<Dark />, { source, context: { plan: 'pro' } }));
    await advance();
    const context = JSON.parse('{"plan":"pro","team":null}');
    rerender(withProvider(<Dark />, { source, context }));
    await advance();
    expect(errors).toEqual([]);
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('a client that is the same by its members', () => {
  it('works as `client`, with a flag pinned', async () => {
    const { props, deploy } = setup();
    const client = new AppConfigClient(props);
    const pinned: AppConfigClient = {
      ...client,
      profile: (name) => {
        const profile = client.profile(name);
        const overrides = { 'dark-mode': { enabled: false } } as const;
        return {
          ...profile,
          select: (read, options) =>
            profile.select((flags, last) => read({ ...flags, overrides }, last), options),
        };
      },
    };
    const old = createProbe(() => useFlagEnabled('old-thing'));
    function Site() {
      const { status, nextPollAt } = useAppConfigStatus('flags');
      return <b>{`${status}, ${nextPollAt ? 'due' : 'not due'}`}</b>;
    }
    const { unmount } = render(
      <StrictMode>
        <AppConfigProvider client={pinned}>
          <Dark />
          <old.Probe />
          <Site />
        </AppConfigProvider>
      </StrictMode>,
    );
    await advance();
    expect(screen.getByText('false', { selector: 'p' })).toBeTruthy();
    expect(screen.getByText('success, due')).toBeTruthy();
    deploy({ ...FLAGS, 'old-thing': { enabled: true } });
    await advance(MINUTE_MS);
    expect(old.value).toBe(true);
    expect(screen.getByText('false', { selector: 'p' })).toBeTruthy();
    unmount();
    client.dispose();
  });

  it('comes from another copy of the package, as its provider may', async () => {
    const { props } = setup();
    vi.resetModules();
    const other = await import('../../src/entries/index.ts');
    expect(other.AppConfigProvider).not.toBe(AppConfigProvider);
    const client = new other.AppConfigClient(props);
    render(
      <>
        <AppConfigProvider client={client}>
          <Dark />
        </AppConfigProvider>
        <other.AppConfigProvider {...props}>
          <Dark />
        </other.AppConfigProvider>
      </>,
    );
    await advance();
    expect(screen.getAllByText('true')).toHaveLength(2);
    client.dispose();
  });
});

it('costs an override no question to the session, and a status hook no render of others', async () => {
  const { renderApp, emulator } = setup();
  const flag = createProbe(() => useFlagEnabled('dark-mode'));
  const status = createProbe(() => useAppConfigStatus().pollCount);
  renderApp(
    <>
      <flag.Probe />
      <status.Probe />
    </>,
  );
  await advance(3 * MINUTE_MS);
  expect(emulator.requests).toHaveLength(5);
  expect([flag.renders, status.value]).toEqual([2, 4]);
});

it('keeps two people apart in one page who use the same source', async () => {
  const { source } = createSource('people');
  const perPerson: ConfigurationSource = {
    ...source,
    getLatestConfiguration: async ({ entityId }) => ({
      configuration: new TextEncoder().encode(
        JSON.stringify({ 'dark-mode': { enabled: entityId === 'ann' } }),
      ),
      contentType: 'application/json',
      nextToken: 'next',
      nextPollIntervalInSeconds: 60,
    }),
  };
  const { withProvider } = setup();
  function Person() {
    const [entityId, setEntityId] = useState('ann');
    return (
      <QueryClientProvider client={queryClient}>
        <button type="button" onClick={() => setEntityId('ben')}>
          sign in as ben
        </button>
        {withProvider(<Dark />, { source: perPerson, entityId })}
      </QueryClientProvider>
    );
  }
  const queryClient = new QueryClient();
  render(<Person />);
  await advance();
  expect(screen.getByText('true')).toBeTruthy();
  act(() => screen.getByRole('button').click());
  await advance();
  expect(screen.getByText('false')).toBeTruthy();
});

it('goes on with the second of two sources when the provider of the first one leaves', async () => {
  const { withProvider, emulator } = setup();
  const queryClient = new QueryClient();
  const [one, two] = [createInPageSource(emulator), createInPageSource(emulator)];
  const page = (hasFirst: boolean) => (
    <>
      {hasFirst && withProvider(<Dark />, { queryClient, source: one })}
      {withProvider(<Dark />, { queryClient, source: two })}
    </>
  );
  const { rerender } = render(page(true));
  await advance();
  rerender(page(false));
  await advance();
  emulator.deploy({ ...NAME, profile: 'flags', content: DARK });
  await advance(2 * MINUTE_MS);
  expect(screen.getByText('false')).toBeTruthy();
});
