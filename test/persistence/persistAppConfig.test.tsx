import { QueryClient } from '@tanstack/react-query';
import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { useAppConfig, useFlagDetails } from '../../src/entries/index.ts';
import {
  persistAppConfig,
  type ConfigurationStorage,
  type PersistAppConfigOptions,
} from '../../src/entries/persistence.ts';
import { createInPageAgentSource, rememberTokens } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const DAY_MS = 24 * 60 * MINUTE_MS;

afterEach(() => localStorage.clear());

function DarkMode() {
  const { flag, reason, error } = useFlagDetails('dark-mode');
  return (
    <output>
      {flag.enabled ? 'dark' : 'light'}, {reason}, {error?.code ?? 'no error'}
    </output>
  );
}

function shown(): string | null {
  return screen.getByRole('status').textContent;
}

function createPersistedQueryClient(options?: PersistAppConfigOptions): QueryClient {
  const queryClient = new QueryClient();
  persistAppConfig(queryClient, options);
  return queryClient;
}

/** An app whose visitors come, read the newest configuration, and leave. */
async function setupAfterAVisit() {
  const app = setup({ random: () => 0.5 });
  const visit = async (options?: PersistAppConfigOptions) => {
    const queryClient = createPersistedQueryClient(options);
    return app.renderApp(<DarkMode />, { queryClient });
  };
  await visit();
  await advance(2 * MINUTE_MS);
  expect(shown()).toBe('dark, loaded, no error');
  cleanup();
  await advance(2 * MINUTE_MS);
  return { ...app, visit };
}

it('shows the configuration of the last visit at first paint, as stale, until the first poll answers', async () => {
  const { visit, deploy } = await setupAfterAVisit();
  deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
  await visit();
  expect(shown()).toBe('dark, stale, no error');
  await advance();
  expect(shown()).toBe('light, loaded, no error');
});

it('keeps using the configuration of the last visit for as long as the service is down', async () => {
  const { visit, emulator } = await setupAfterAVisit();
  emulator.inject({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY });
  await visit();
  await advance(5 * MINUTE_MS);
  expect(shown()).toBe('dark, stale, ServiceFailure');
  emulator.clearFaults();
  await advance(10 * MINUTE_MS);
  expect(shown()).toBe('dark, loaded, no error');
});

it('throws away a configuration that is too old, however often it was shown since', async () => {
  const { visit, emulator } = await setupAfterAVisit();
  emulator.inject({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY });
  vi.setSystemTime(Date.now() + 4 * DAY_MS);
  await visit();
  expect(shown()).toBe('dark, stale, no error');
  await advance(MINUTE_MS);
  cleanup();
  vi.setSystemTime(Date.now() + 4 * DAY_MS);
  await visit();
  expect(shown()).toBe('light, default, no error');
  expect(localStorage).toHaveLength(0);
});

it('throws away a configuration that another version of the app wrote', async () => {
  const { visit } = await setupAfterAVisit();
  await visit({ version: 'another version' });
  expect(shown()).toBe('light, default, no error');
  expect(localStorage).toHaveLength(0);
});

it('throws away what is not a configuration at all', async () => {
  const { visit } = await setupAfterAVisit();
  for (const key of Object.keys(localStorage)) localStorage.setItem(key, '{"state":');
  await visit();
  expect(shown()).toBe('light, default, no error');
});

it('does not show a configuration of the last visit that fails its schema', async () => {
  const { renderApp, errors } = await setupAfterAVisit();
  const schema = z.object({ 'dark-mode': z.object({ enabled: z.string() }) });
  const probe = createProbe(() => useAppConfig('flags', { schema }));
  renderApp(<probe.Probe />, { queryClient: createPersistedQueryClient() });
  expect(probe.value).toMatchObject({ status: 'error', data: undefined });
  await advance();
  expect(errors.map(({ code }) => code)).toContain('SchemaMismatch');
});

it('persists no token', async () => {
  const { props, renderApp } = setup();
  const { source, tokens } = rememberTokens(props.source);
  const setItem = vi.spyOn(Storage.prototype, 'setItem');
  renderApp(<DarkMode />, { source, queryClient: createPersistedQueryClient() });
  await advance(10 * MINUTE_MS);
  expect(tokens.size).toBeGreaterThan(5);
  expect(setItem.mock.calls.length).toBeGreaterThan(5);
  const written = setItem.mock.calls.join('\n');
  expect(written).toContain('dark-mode');
  expect([...tokens].filter((token) => written.includes(token))).toEqual([]);
  setItem.mockRestore();
});

it('keeps nothing that is not JSON', async () => {
  const { renderApp, emulator } = setup();
  emulator.deploy({ ...NAME, profile: 'flags', content: 'a text', contentType: 'text/plain' });
  const text = createProbe(() => useAppConfig('flags').data);
  renderApp(<text.Probe />, { queryClient: createPersistedQueryClient() });
  await advance();
  expect(text.value).toBe('a text');
  expect(localStorage).toHaveLength(0);
});

it('keeps nothing of a source that does not say to whom its answers belong', async () => {
  const { emulator, renderApp } = setup();
  const options = { accessToken: 'the token of ann' };
  renderApp(<DarkMode />, {
    source: createInPageAgentSource(emulator, options),
    queryClient: createPersistedQueryClient(),
  });
  await advance();
  expect(shown()).toBe('dark, loaded, no error');
  expect(localStorage).toHaveLength(0);
  cleanup();
  renderApp(<DarkMode />, {
    source: createInPageAgentSource(emulator, { ...options, sharedBy: 'ann' }),
    queryClient: createPersistedQueryClient(),
  });
  await advance();
  expect(localStorage).toHaveLength(1);
});

it('keeps what another tab has kept meanwhile', async () => {
  const { renderApp, emulator } = setup();
  emulator.deploy({ ...NAME, profile: 'site', content: { title: 'Shop' } });
  const [one, other] = [createPersistedQueryClient(), createPersistedQueryClient()];
  const site = createProbe(() => useAppConfig('site').data);
  renderApp(<DarkMode />, { queryClient: one });
  renderApp(<site.Probe />, { queryClient: other });
  await advance();
  cleanup();
  const queryClient = createPersistedQueryClient();
  expect(queryClient.getQueryCache().getAll()).toHaveLength(2);
});

it('keeps the newest twenty: there may be any number of evaluation contexts', async () => {
  const { renderApp, emulator } = setup();
  const source = createInPageAgentSource(emulator);
  const queryClient = createPersistedQueryClient();
  for (let user = 0; user < 25; user += 1) {
    renderApp(<DarkMode />, { source, queryClient, entityId: `user ${user}` });
    await advance();
    cleanup();
  }
  const next = createPersistedQueryClient();
  const kept = JSON.stringify(
    next
      .getQueryCache()
      .getAll()
      .map(({ queryKey }) => queryKey),
  );
  expect(next.getQueryCache().getAll()).toHaveLength(20);
  expect(kept).toContain('user 24');
  expect(kept).not.toContain('user 4"');
});

it('works with a storage that answers with promises, as that of React Native', async () => {
  const items = new Map<string, string>();
  const later = <Value,>(value: Value) => Promise.resolve().then(() => value);
  const storage: ConfigurationStorage = {
    getItem: (name) => later(items.get(name) ?? null),
    setItem: (name, text) => later(items.set(name, text)),
    removeItem: (name) => later(items.delete(name)),
  };
  const { renderApp, emulator } = setup();
  emulator.deploy({ ...NAME, profile: 'site', content: { title: 'Shop' } });
  const site = createProbe(() => useAppConfig('site').data);
  renderApp(
    <>
      <DarkMode />
      <site.Probe />
    </>,
    { queryClient: createPersistedQueryClient({ storage }) },
  );
  await advance(3 * MINUTE_MS);
  cleanup();
  emulator.inject({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY });
  const queryClient = new QueryClient();
  await persistAppConfig(queryClient, { storage }).restored;
  renderApp(
    <>
      <DarkMode />
      <site.Probe />
    </>,
    { queryClient },
  );
  expect(screen.getByText(/^dark/)).toBeTruthy();
  expect(site.value).toEqual({ title: 'Shop' });
  await advance();
});

it('says in development that a storage is full, and the app goes on', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const setItem = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const { renderApp } = setup();
  renderApp(<DarkMode />, { queryClient: createPersistedQueryClient() });
  await advance(2 * MINUTE_MS);
  expect(shown()).toBe('dark, loaded, no error');
  expect(String(warned.mock.calls)).toContain('are not kept for the next visit');
  setItem.mockRestore();
  warned.mockRestore();
});

it.each<[string, ConfigurationStorage['getItem']]>([
  [
    'at once',
    () => {
      throw new DOMException('gone', 'InvalidStateError');
    },
  ],
  ['later', () => Promise.reject(new DOMException('gone', 'InvalidStateError'))],
])('asks a storage that fails, %s, once an answer, and the app goes on', async (_, fail) => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const getItem = vi.fn<ConfigurationStorage['getItem']>(() => null);
  const storage = { getItem, setItem: () => {}, removeItem: () => {} };
  const queryClient = createPersistedQueryClient({ storage });
  getItem.mockClear();
  // Not for ever, so that a failure of this test is one.
  for (let time = 0; time < 10; time += 1) getItem.mockImplementationOnce(fail);
  const { renderApp } = setup();
  renderApp(<DarkMode />, { queryClient });
  await advance();
  expect(shown()).toBe('dark, loaded, no error');
  expect(getItem).toHaveBeenCalledOnce();
  expect(String(warned.mock.calls)).toContain('are not kept for the next visit');
  warned.mockRestore();
});

it('keeps nothing more once it is stopped', async () => {
  const { renderApp } = setup();
  const queryClient = new QueryClient();
  persistAppConfig(queryClient).stop();
  renderApp(<DarkMode />, { queryClient });
  await advance();
  expect(localStorage).toHaveLength(0);
});
