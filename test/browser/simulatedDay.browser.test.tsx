import { QueryClient } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import { AppConfigProvider, useFlag } from '../../src/entries/index.ts';
import {
  countPendingCalls,
  createInPageSource,
  createStrictEmulator,
} from '../support/emulators.ts';

const COMPONENTS = 10_000;
const FLAGS = 200;
const NAME = { application: 'shop', environment: 'production' };
const POLLS_AN_HOUR = 60;
const MEGABYTE = 1_000_000;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Bytes of the page's heap that something still refers to. */
async function usedHeap(): Promise<number> {
  for (let round = 0; round < 3; round += 1) await cdp().send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp().send('Runtime.getHeapUsage');
  return usedSize;
}

/** A turn of the event loop, with no timer that is moved by hand. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

async function settle(): Promise<void> {
  do for (let turns = 0; turns < 5; turns += 1) await turn();
  while (countPendingCalls() > 0);
}

async function pass(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
    await settle();
    await vi.advanceTimersByTimeAsync(0);
  });
}

it('serves 10,000 components through a day of polls with a new version every hour, and leaves nothing behind', async () => {
  const emulator = createStrictEmulator({ historyLength: 10 });
  const deploy = (hour: number) => {
    const flags = Array.from({ length: FLAGS }, (_, index) => [
      `flag-${index}`,
      { enabled: (index + hour) % FLAGS === 0, label: `since hour ${hour % 10}` },
    ]);
    emulator.deploy({ ...NAME, profile: 'flags', content: Object.fromEntries(flags) });
  };
  // The emulator's history is full before anything is measured.
  for (let version = 0; version < 20; version += 1) deploy(0);
  const queryClient = new QueryClient();
  let renders = 0;
  const countRender = () => {
    renders += 1;
  };
  function Reader({ name }: { name: string }) {
    countRender();
    return <i>{useFlag(name).enabled ? 'on' : 'off'}</i>;
  }
  const container = document.createElement('div');
  const root = createRoot(container);
  const source = createInPageSource(emulator);
  const hour = async (version: number) => {
    deploy(version);
    for (let poll = 0; poll < POLLS_AN_HOUR; poll += 1) await pass(66_000);
  };
  const shown = () =>
    [...container.querySelectorAll('i')].flatMap(({ textContent }, index) =>
      textContent === 'on' ? [index % FLAGS] : [],
    );

  act(() =>
    root.render(
      <AppConfigProvider {...NAME} source={source} flags="flags" queryClient={queryClient}>
        {Array.from({ length: COMPONENTS }, (_, index) => (
          <Reader key={index} name={`flag-${index % FLAGS}`} />
        ))}
      </AppConfigProvider>,
    ),
  );
  await pass(0);
  await hour(1);
  const before = await usedHeap();
  const rendersBefore = renders;
  for (let version = 2; version <= 25; version += 1) {
    await hour(version);
    expect(new Set(shown())).toEqual(new Set([FLAGS - version]));
  }
  const after = await usedHeap();

  expect(Math.abs(after - before)).toBeLessThan(MEGABYTE);
  expect(renders - rendersBefore).toBe(24 * COMPONENTS);
  expect(vi.getTimerCount()).toBe(1);

  act(() => root.unmount());
  const lastRequest = emulator.requests.at(-1);
  await pass(3_600_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(emulator.requests.at(-1)).toBe(lastRequest);
  expect(
    queryClient
      .getQueryCache()
      .getAll()
      .map((query) => query.getObserversCount()),
  ).toEqual([0]);
  expect(emulator.violations).toEqual([]);
}, 120_000);
