import { cleanup, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { useAppConfig, useFlagDetails } from '../../src/entries/index.ts';
import {
  createPersistedQueryClient,
  type PersistenceOptions,
} from '../../storybook/examples/createPersistedQueryClient.ts';
import { rememberTokens } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from './setup.tsx';

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

/** An app whose visitors come, read the newest configuration, and leave. */
async function setupAfterAVisit() {
  const app = setup({ random: () => 0.5 });
  const visit = async (options?: PersistenceOptions) => {
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

it('throws away a configuration that another version of the package wrote', async () => {
  const { visit } = await setupAfterAVisit();
  await visit({ buster: 'another version' });
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
