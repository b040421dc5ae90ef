import { QueryClient } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { AppConfigProvider, useAppConfig } from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { crossTabSource, memorySource } from '../../src/entries/sources.ts';

const PARTIES = 5;
const NAME = { application: 'shop', environment: 'production' };
const disposals: (() => void)[] = [];

afterEach(() => {
  cleanup();
  for (const dispose of disposals.splice(0)) dispose();
});

function Notice() {
  return <p>{String(useAppConfig('notice').data)}</p>;
}

it('subscribes for all tabs at once to a source that tells of changes, and each shows the new version', async () => {
  const memory = memorySource({ notice: 'one' });
  let subscriptions = 0;
  let requests = 0;
  const counting: ConfigurationSource = {
    ...memory,
    subscribe(request, onChange) {
      subscriptions += 1;
      const stop = memory.subscribe?.(request, onChange);
      return () => {
        subscriptions -= 1;
        stop?.();
      };
    },
    getLatestConfiguration(request, signal) {
      requests += 1;
      return memory.getLatestConfiguration(request, signal);
    },
  };
  const parties = Array.from({ length: PARTIES }, () => {
    const source = crossTabSource(counting);
    disposals.push(() => source.dispose());
    return { id: crypto.randomUUID(), source };
  });
  render(
    parties.map(({ id, source }) => (
      <AppConfigProvider key={id} {...NAME} source={source} queryClient={new QueryClient()}>
        <Notice />
      </AppConfigProvider>
    )),
  );
  expect(screen.getAllByText('one'), 'what is known at first').toHaveLength(PARTIES);
  await vi.waitFor(() => expect(subscriptions).toBe(1));
  const everybodyShows = (text: string) =>
    vi.waitFor(() => expect(screen.getAllByText(text)).toHaveLength(PARTIES), 10_000);
  memory.set('notice', 'two');
  await everybodyShows('two');
  const before = requests;
  memory.set('notice', 'three');
  await everybodyShows('three');
  expect(requests - before).toBe(1);
  cleanup();
  for (const { source } of parties) source.dispose();
  expect(subscriptions).toBe(0);
});
