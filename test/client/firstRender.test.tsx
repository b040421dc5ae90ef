import { QueryClient } from '@tanstack/react-query';
import { act, render } from '@testing-library/react';
import { startTransition, Suspense, useEffect, useLayoutEffect, useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import {
  appConfigQueryKey,
  useAppConfig,
  useFlagEnabled,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, createProbe, ErrorBoundary, FLAGS, NAME, setup } from '../react/setup.tsx';

silenceThrownErrors();

afterEach(() => {
  vi.restoreAllMocks();
});

it('ends in the error boundary if cached data fails the schema of a suspending hook', async () => {
  const queryClient = new QueryClient();
  const { renderApp, props } = setup({ queryClient });
  queryClient.setQueryData(appConfigQueryKey(props.source, 'shop', 'production', 'flags'), {
    value: { a: 1 },
    versionLabel: '1',
    contentType: 'application/json',
  });
  const schema = z.object({ title: z.string() });
  let renders = 0;
  const probe = createProbe(() => {
    renders += 1;
    return useSuspenseAppConfig('flags', { schema }).data;
  });
  const { container } = renderApp(
    <ErrorBoundary>
      <Suspense fallback="waiting">
        <probe.Probe />
      </Suspense>
    </ErrorBoundary>,
  );
  await advance(5_000);
  expect(container.textContent).toContain('does not satisfy its schema at title');
  expect(renders).toBeLessThan(10);
});

it('loads many profiles of one provider at once, and reports no error', async () => {
  const { renderApp, emulator, errors } = setup();
  const names = Array.from({ length: 8 }, (_, index) => `profile-${index}`);
  for (const profile of names) emulator.deploy({ ...NAME, profile, content: { profile } });
  const probes = names.map((name) => createProbe(() => useAppConfig(name).status));
  renderApp(probes.map(({ Probe }, index) => <Probe key={names[index]} />));
  await advance(100);
  expect(probes.map(({ value }) => value)).toEqual(names.map(() => 'success'));
  expect(errors).toEqual([]);
});

it('keeps its session through a transition that is interrupted', async () => {
  const { withProvider, emulator, operations } = setup();
  emulator.deploy({
    application: 'other',
    environment: 'production',
    profile: 'flags',
    content: {},
  });
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const never = new Promise<never>(() => undefined);
  function Page({ isOther }: { isOther: boolean }) {
    if (isOther) throw never;
    return <probe.Probe />;
  }
  let change: (application: string) => void = () => undefined;
  let tick: (count: number) => void = () => undefined;
  function App() {
    const [application, setApplication] = useState('shop');
    const [, setCount] = useState(0);
    useEffect(() => {
      change = (next) => startTransition(() => setApplication(next));
      tick = setCount;
    }, []);
    return (
      <Suspense fallback="waiting">
        {withProvider(<Page isOther={application === 'other'} />, { application })}
      </Suspense>
    );
  }
  render(<App />);
  await advance();
  act(() => change('other'));
  for (let count = 1; count < 6; count += 1) {
    act(() => tick(count));
    await advance(100);
  }
  expect(probe.values.slice(1)).not.toContain(false);
  expect(operations().filter((operation) => operation?.startsWith('Start'))).toHaveLength(1);
});

it('shows what is set between the first render and its effects', async () => {
  const { renderApp } = setup();
  const source = memorySource({ flags: { a: { enabled: true } } });
  function SetsInLayoutEffect() {
    useLayoutEffect(() => source.set('flags', { a: { enabled: false } }), []);
    return useFlagEnabled('a') ? 'on' : 'off';
  }
  const { container } = renderApp(<SetsInLayoutEffect />, { source });
  await advance(1_000);
  expect(container.textContent).toBe('off');
});

it('is right at the first render with a memory source, and follows it at once', async () => {
  const source = memorySource({ flags: FLAGS, site: { title: 'Shop' } });
  const { renderApp } = setup({ source });
  const flag = createProbe(() => useFlagEnabled('dark-mode'));
  const site = createProbe(() => useSuspenseAppConfig('site').data);
  renderApp(
    <>
      <flag.Probe />
      <site.Probe />
    </>,
  );
  expect([flag.values, site.values]).toEqual([[true], [{ title: 'Shop' }]]);
  source.set('flags', { 'dark-mode': { enabled: false } });
  await advance();
  expect(flag.values).toEqual([true, false]);
  expect(site.values).toEqual([{ title: 'Shop' }]);
});
