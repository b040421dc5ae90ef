import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  Feature,
  useAppConfig,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
} from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from '../react/setup.tsx';

const COMPONENTS = 100;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Answers with the newest document once, and with nothing until there is another. */
function createCountedSource() {
  let waiting: unknown = FLAGS;
  let requests = 0;
  const source: ConfigurationSource = {
    name: 'counted',
    getLatestConfiguration: async () => {
      requests += 1;
      const text = waiting === undefined ? '' : JSON.stringify(waiting);
      waiting = undefined;
      return {
        configuration: new TextEncoder().encode(text),
        nextToken: `token-${requests}`,
        nextPollIntervalInSeconds: 60,
        contentType: 'application/json',
      };
    },
  };
  return {
    source,
    deploy: (document: unknown) => {
      waiting = document;
    },
    get requests() {
      return requests;
    },
  };
}

describe('what 100 components cost', () => {
  it('parses each version once, and asks once per interval, whichever hooks read it', async () => {
    const counted = createCountedSource();
    const { renderApp } = setup({ source: counted.source });
    const parse = vi.spyOn(JSON, 'parse');
    const probe = createProbe(() => [
      useFlag('dark-mode'),
      useFlagEnabled('dark-mode'),
      useFlagValue('new-checkout', 'maxItems', 1),
      useFlagDetails('old-thing'),
      useFlags(),
      useAppConfig('flags').data,
    ]);
    const components = Array.from({ length: COMPONENTS }, (_, index) => (
      <div key={index}>
        <probe.Probe />
        <Feature flag="dark-mode">{() => null}</Feature>
      </div>
    ));
    renderApp(components);
    await advance();
    expect([counted.requests, parse.mock.calls.length]).toEqual([1, 1]);

    await advance(MINUTE_MS);
    expect([counted.requests, parse.mock.calls.length]).toEqual([2, 1]);

    counted.deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect([counted.requests, parse.mock.calls.length]).toEqual([3, 2]);
  });

  it('makes one snapshot of a flag per version, and none for a poll that changes nothing', async () => {
    const counted = createCountedSource();
    const { renderApp } = setup({ source: counted.source });
    const details = createProbe(() => useFlagDetails('dark-mode'));
    const flags = createProbe(() => useFlags());
    renderApp(
      Array.from({ length: COMPONENTS }, (_, index) => (
        <div key={index}>
          <details.Probe />
          <flags.Probe />
        </div>
      )),
    );
    await advance();
    const snapshots = () => [new Set(details.values).size, new Set(flags.values).size];
    expect(snapshots()).toEqual([2, 2]);
    await advance(10 * MINUTE_MS);
    expect(counted.requests).toBe(11);
    expect(snapshots()).toEqual([2, 2]);

    counted.deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect(snapshots()).toEqual([3, 3]);
  });

  it('selects once per version, not once per poll', async () => {
    const counted = createCountedSource();
    const select = vi.fn<(document: unknown) => number>(
      (document) => Object.keys(Object(document)).length,
    );
    const { renderApp } = setup({ source: counted.source });
    const probe = createProbe(() => useAppConfig('flags', { select }).data);
    renderApp(<probe.Probe />);
    await advance();
    await advance(10 * MINUTE_MS);
    expect(select).toHaveBeenCalledTimes(1);
  });
});
