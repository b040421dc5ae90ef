import { useQuery } from '@tanstack/react-query';
import { act } from '@testing-library/react';
import { useEffect, useState, type ReactElement } from 'react';
import { describe, expect, it } from 'vitest';
import {
  appConfigQuery,
  useAppConfig,
  useAppConfigClient,
  useFlagDetails,
  useFlags,
  useFlagValue,
  useSuspenseAppConfig,
} from '../../src/entries/index.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from '../react/setup.tsx';

/** Renders again whenever a hook returns a new object, as an effect of an app may. */
function renderUntilStable(useValue: () => unknown) {
  const app = setup();
  let runs = 0;
  const count = (_value: unknown) => {
    runs += 1;
    return runs;
  };
  function Reader(): ReactElement {
    const value = useValue();
    const [, setCount] = useState(0);
    useEffect(() => {
      const run = count(value);
      // oxlint-disable-next-line react/set-state-in-effect -- what an app does that loops
      if (run < 50) setCount(run);
    }, [value]);
    return <output>{JSON.stringify(value)}</output>;
  }
  return { ...app, Reader, runs: () => runs };
}

describe('an effect that depends on what a hook returns does not loop', () => {
  it.each<[string, () => unknown]>([
    [
      'an object that useAppConfig selects',
      () => useAppConfig('flags', { select: (flags) => ({ all: flags }) }).data,
    ],
    [
      'a list that useAppConfig selects',
      () => useAppConfig('flags', { select: (flags) => Object.keys(Object(flags)) }).data,
    ],
    [
      'the whole result of useAppConfig with an inline select',
      () => useAppConfig('flags', { select: (flags) => ({ ...Object(flags) }) }),
    ],
    [
      'an object that useSuspenseAppConfig selects',
      () => useSuspenseAppConfig('flags', { select: (flags) => ({ all: flags }) }).data,
    ],
    [
      'an object that useQuery selects',
      () =>
        useQuery({
          ...appConfigQuery(useAppConfigClient(), 'flags'),
          select: ({ value }) => ({ all: value }),
        }).data,
    ],
    ['a default list of useFlagValue', () => useFlagValue('nobody-made-it', 'steps', ['cart'])],
    ['all flags', () => useFlags()],
    ['the details of a flag', () => useFlagDetails('dark-mode')],
  ])('%s', async (_, useValue) => {
    const { Reader, renderApp, runs, deploy } = renderUntilStable(useValue);
    renderApp(<Reader />);
    await advance();
    expect(runs()).toBeLessThanOrEqual(4);
    const before = runs();
    await advance(3 * MINUTE_MS);
    expect(runs()).toBe(before);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(runs()).toBeLessThanOrEqual(before + 2);
  });
});

it('keeps what is selected across renders that a parent causes', async () => {
  const { renderApp, withProvider } = setup();
  const probe = createProbe(
    () => useAppConfig('flags', { select: (flags) => ({ all: flags }) }).data,
  );
  const { rerender } = renderApp(<probe.Probe />);
  await advance();
  const before = probe.value;
  act(() => rerender(withProvider(<probe.Probe />)));
  expect(probe.value).toBe(before);
});
