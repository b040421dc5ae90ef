import { QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { expect, it, onTestFinished, vi } from 'vitest';
import { AppConfigProvider, appConfigQueryKey, useFlagEnabled } from '../../src/entries/index.ts';
import { memorySource } from '../../src/entries/sources.ts';

const SHOP = { application: 'shop', environment: 'production' };

/** A page whose server has prefetched flags under the name of a source. */
function renderPage(name: string) {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warned.mockRestore());
  const queryClient = new QueryClient();
  queryClient.setQueryData(appConfigQueryKey({ name }, 'shop', 'production', 'flags'), {
    value: { 'dark-mode': { enabled: true } },
    pollIntervalInSeconds: 60,
  });
  const source = { ...memorySource({ flags: {} }), name: 'agent /flags', initial: () => undefined };
  const Reader = () => <p>{String(useFlagEnabled('dark-mode'))}</p>;
  render(
    <AppConfigProvider {...SHOP} source={source} flags="flags" queryClient={queryClient}>
      <Reader />
      <Reader />
    </AppConfigProvider>,
  );
  return warned.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('named'));
}

it('a page says, once, that what it was given belongs to a source of another name', () => {
  const lines = renderPage('agent http://localhost:2772');
  expect(lines).toEqual([expect.stringContaining('"agent http://localhost:2772"')]);
  expect(lines[0]).toContain('"agent /flags"');
});

it('a page says nothing of what it was given under the name of its own source', () => {
  expect(renderPage('agent /flags')).toEqual([]);
});
