import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigProvider,
  useFlagEnabled,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { memorySource, type ConfigurationSource } from '../../src/entries/sources.ts';
import { createInPageSource } from '../support/emulators.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const START = 'StartConfigurationSession';
const lines: string[] = [];

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation((line) => lines.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  lines.splice(0);
});

describe('a source that is made anew in every render', () => {
  it('costs no session and no flicker, and is reported once', async () => {
    const { withProvider, emulator, operations, errors } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const page = () => withProvider(<probe.Probe />, { source: createInPageSource(emulator) });
    const { rerender } = render(page());
    await advance();
    for (let index = 0; index < 20; index += 1) {
      rerender(page());
      await advance(100);
    }
    expect(operations().filter((operation) => operation === START)).toHaveLength(1);
    expect(new Set(probe.values.slice(2))).toEqual(new Set([true]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('another source in every render');
    expect(errors).toMatchObject([{ code: 'InvalidArgument' }]);
    await advance(MINUTE_MS);
    expect(operations().filter((operation) => operation === START).length).toBeLessThanOrEqual(2);
  });

  it('is slowed down while the service is down', async () => {
    const { withProvider, emulator, operations } = setup();
    emulator.inject({ kind: 'error', status: 503, times: Number.POSITIVE_INFINITY });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    const page = () => withProvider(<probe.Probe />, { source: createInPageSource(emulator) });
    const { rerender } = render(page());
    for (let index = 0; index < 100; index += 1) rerender(page());
    await advance();
    expect(operations().length).toBeLessThan(20);
  });
});

it('switches to a new source of the same name, and keeps what is known', async () => {
  const { withProvider, emulator, deploy } = setup();
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const { rerender } = render(withProvider(<probe.Probe />));
  await advance();
  rerender(withProvider(<probe.Probe />, { source: createInPageSource(emulator) }));
  deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
  await advance(MINUTE_MS);
  expect(probe.values.filter((value, index) => value !== probe.values[index - 1])).toEqual([
    false,
    true,
    false,
  ]);
});

describe('two sources in one query cache', () => {
  /** A reader of each, below a provider of its own. */
  function renderBoth(east: ConfigurationSource, west: ConfigurationSource) {
    const { errors, withProvider } = setup();
    const one = createProbe(() => useFlagEnabled('dark-mode'));
    const two = createProbe(() => useFlagEnabled('dark-mode'));
    render(
      <QueryClientProvider client={new QueryClient()}>
        {withProvider(<one.Probe />, { source: east })}
        {withProvider(<two.Probe />, { source: west })}
      </QueryClientProvider>,
    );
    return { errors, one, two };
  }
  const on = { flags: { 'dark-mode': { enabled: true } } };
  const off = { flags: { 'dark-mode': { enabled: false } } };

  it('of one name are reported as a clash, and the first one is used', async () => {
    const { errors, one, two } = renderBoth(memorySource(on), memorySource(off));
    await advance(5 * MINUTE_MS);
    expect(errors).toMatchObject([{ code: 'InvalidArgument', profile: 'flags' }]);
    expect(String(errors[0])).toContain('Two sources of one query cache are called "memory"');
    expect(new Set(one.values)).toEqual(new Set([true]));
    expect(two.value).toBe(true);
    expect(two.renders).toBeLessThanOrEqual(3);
  });

  it('of two names keep their data apart', async () => {
    const { one, two } = renderBoth(
      memorySource(on, { name: 'east' }),
      memorySource(off, { name: 'west' }),
    );
    await advance(5 * MINUTE_MS);
    expect([one.values, two.values]).toEqual([[true], [false]]);
  });
});

describe('a Suspense boundary above the provider', () => {
  function Dark() {
    const { data } = useSuspenseAppConfig('flags');
    return <output>{JSON.stringify(data)}</output>;
  }

  it('starts one session, although the first render is thrown away', async () => {
    const { withProvider, operations, deploy } = setup();
    const { container } = render(<Suspense fallback="waiting">{withProvider(<Dark />)}</Suspense>);
    await advance();
    expect(container.textContent).toContain('"dark-mode":{"enabled":true}');
    expect(operations()).toEqual([START, 'GetLatestConfiguration']);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(container.textContent).toContain('"dark-mode":{"enabled":false}');
  });

  it('is reported, and slowed down, if the source is made anew as well', async () => {
    const { emulator, operations, errors } = setup();
    render(
      <Suspense fallback="waiting">
        <Inline />
      </Suspense>,
    );
    function Inline() {
      return (
        <AppConfigProvider
          {...NAME}
          source={createInPageSource(emulator, 'inline')}
          random={() => 0}
          onError={(error) => errors.push(error)}
        >
          <Dark />
        </AppConfigProvider>
      );
    }
    await advance(6_000);
    expect(operations().filter((operation) => operation === START).length).toBeLessThan(10);
    expect(errors.map(({ code }) => code)).toContain('InvalidArgument');
    expect(String(errors[0])).toContain('Suspense boundary above <AppConfigProvider>');
    act(() => undefined);
  });
});
