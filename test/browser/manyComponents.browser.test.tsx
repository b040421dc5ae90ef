import { QueryClient } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppConfigProvider, useFlag } from '../../src/entries/index.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';

const COMPONENTS = 10_000;
const FLAGS = 200;
const NAME = { application: 'shop', environment: 'production' };
const WAIT = { timeout: 10_000, interval: 20 };

const keys = Array.from({ length: FLAGS }, (_, index) => `flag-${index}`);
const documentWith = (flipped: ReadonlySet<string>) =>
  Object.fromEntries(keys.map((key) => [key, { enabled: !flipped.has(key), size: key.length }]));

/** Counts the timers of the page that are running. */
function watchTimers() {
  const live = new Set<unknown>();
  const {
    setTimeout: setTimeoutOf,
    setInterval: setIntervalOf,
    clearTimeout: clearTimeoutOf,
    clearInterval: clearIntervalOf,
  } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(
    (callback: () => void, delayMs?: number) => {
      const timeout = setTimeoutOf(() => {
        live.delete(timeout);
        callback();
      }, delayMs);
      live.add(timeout);
      return timeout;
    },
  );
  vi.spyOn(globalThis, 'setInterval').mockImplementation(
    (callback: () => void, delayMs?: number) => {
      const interval = setIntervalOf(callback, delayMs);
      live.add(interval);
      return interval;
    },
  );
  vi.spyOn(globalThis, 'clearTimeout').mockImplementation((timeout) => {
    live.delete(timeout);
    clearTimeoutOf(timeout);
  });
  vi.spyOn(globalThis, 'clearInterval').mockImplementation((interval) => {
    live.delete(interval);
    clearIntervalOf(interval);
  });
  return { count: () => live.size };
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('serves 10,000 components over 200 flags with one timer and one observer, and renders the 50 readers of a flag that flips', async () => {
  const emulator = createStrictEmulator({ pollIntervalInSeconds: 1 });
  const deploy = (...flipped: string[]) =>
    emulator.deploy({ ...NAME, profile: 'flags', content: documentWith(new Set(flipped)) });
  deploy();
  const queryClient = new QueryClient();
  const renders = new Map<string, number>();
  function Reader({ name }: { name: string }) {
    renders.set(name, (renders.get(name) ?? 0) + 1);
    return <i data-flag={name}>{useFlag(name).enabled ? 'on' : 'off'}</i>;
  }
  const source = createInPageSource(emulator);
  const app = (
    <AppConfigProvider {...NAME} source={source} flags="flags" queryClient={queryClient}>
      {Array.from({ length: COMPONENTS }, (_, index) => (
        <Reader key={index} name={`flag-${index % FLAGS}`} />
      ))}
    </AppConfigProvider>
  );
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  const answers = (isChanged: boolean) =>
    emulator.requests.filter(
      ({ operation, contentBytes }) =>
        operation === 'GetLatestConfiguration' && contentBytes > 0 === isChanged,
    ).length;
  const until = (condition: () => boolean) =>
    act(() => vi.waitFor(() => expect(condition()).toBe(true), WAIT));
  const totalRenders = () => [...renders.values()].reduce((sum, count) => sum + count, 0);
  const timers = watchTimers();

  act(() => root.render(app));
  await until(() => container.querySelector('i')?.textContent === 'on');
  expect(totalRenders()).toBe(2 * COMPONENTS);
  expect(
    queryClient
      .getQueryCache()
      .getAll()
      .map((query) => query.getObserversCount()),
  ).toEqual([1]);
  await act(async () => {});
  expect(timers.count()).toBe(1);

  const unchangedBefore = answers(false);
  await until(() => answers(false) >= unchangedBefore + 1);
  expect(totalRenders()).toBe(2 * COMPONENTS);

  deploy('flag-7');
  await until(() => container.querySelector('[data-flag="flag-7"]')?.textContent === 'off');
  expect(container.querySelectorAll('[data-flag="flag-7"]')).toHaveLength(COMPONENTS / FLAGS);
  expect(renders.get('flag-7')).toBe(3 * (COMPONENTS / FLAGS));
  expect(totalRenders()).toBe(2 * COMPONENTS + COMPONENTS / FLAGS);

  act(() => root.unmount());
  expect(timers.count()).toBe(0);
  expect(emulator.violations).toEqual([]);
}, 60_000);
