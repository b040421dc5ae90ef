import { act, render } from '@testing-library/react';
import * as React from 'react';
import { StrictMode, Suspense, useEffect, type ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  AppConfigProvider,
  useAppConfig,
  useAppConfigClient,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  type FlagExposure,
  type FlagsChange,
} from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { memoryOverrides } from '../../src/entries/overrides.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { createInPageAgentSource, createStrictEmulator } from '../support/emulators.ts';
import { collectUncaught } from '../support/uncaught.ts';
import { advance, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const IS_REACT_19 = process.env['REACT_MAJOR'] === '19';

function Reader({ flag = 'dark-mode' }: { flag?: string }) {
  return <p>{String(useFlag(flag).enabled)}</p>;
}

function setupExposures(options: Parameters<typeof setup>[0] = {}) {
  const exposures: FlagExposure[] = [];
  const changes: FlagsChange[] = [];
  const app = setup({
    onExposure: (exposure) => exposures.push(exposure),
    onChange: (change) => changes.push(change),
    ...options,
  });
  return { ...app, exposures, changes, keys: () => exposures.map(({ flag }) => flag) };
}

afterEach(() => {
  vi.useRealTimers();
  Reflect.deleteProperty(document, 'prerendering');
});

describe('onExposure', () => {
  it('reports a flag once, with all that an analysis needs, when its value is known', async () => {
    const { renderApp, exposures } = setupExposures();
    renderApp(<Reader flag="new-checkout" />);
    expect(exposures).toEqual([]);
    await advance();
    await advance(5 * MINUTE_MS);
    expect(exposures).toEqual([
      {
        profile: 'flags',
        flag: 'new-checkout',
        variant: undefined,
        value: FLAGS['new-checkout'],
        reason: 'loaded',
        versionLabel: undefined,
        entityId: undefined,
      },
    ]);
  });

  it('reports every hook that reads a flag, and none that reads a document', async () => {
    const { renderApp, keys } = setupExposures();
    function All() {
      useFlag('dark-mode');
      useFlagEnabled('dark-mode');
      useFlagValue('new-checkout', 'maxItems', 1);
      useFlagDetails('old-thing');
      return <p>{Object.keys(useFlags()).length}</p>;
    }
    renderApp(<All />);
    await advance();
    expect(keys().toSorted()).toEqual(['dark-mode', 'new-checkout', 'old-thing']);
  });

  it('reports once in StrictMode, for ten thousand readers, and for a reader that comes back', async () => {
    const { withProvider, exposures } = setupExposures();
    const page = (count: number) => (
      <StrictMode>
        {withProvider(Array.from({ length: count }, (_, index) => <Reader key={index} />))}
      </StrictMode>
    );
    const { rerender } = render(page(10_000));
    await advance();
    expect(exposures).toHaveLength(1);
    rerender(page(0));
    await advance();
    rerender(page(3));
    await advance();
    expect(exposures).toHaveLength(1);
  });

  it('reports each distinct value once, however often a flag flips', async () => {
    const { renderApp, deploy, exposures } = setupExposures();
    renderApp(<Reader />);
    await advance();
    for (const enabled of [false, true, false, true, false]) {
      deploy({ ...FLAGS, 'dark-mode': { enabled } });
      await advance(70_000);
    }
    expect(exposures.map(({ value }) => value.enabled)).toEqual([true, false]);
  });

  it('never reports a value that was gone before anybody saw it', async () => {
    const overrides = memoryOverrides();
    const { renderApp, exposures } = setupExposures({ overrides, exposesOverrides: true });
    renderApp(<Reader />);
    await advance();
    act(() => {
      overrides.setFlag('dark-mode', false);
      overrides.clear();
    });
    await advance();
    expect(exposures).toHaveLength(1);
  });

  it('leaves out overrides, unless they are asked for', async () => {
    for (const exposesOverrides of [false, true]) {
      const overrides = memoryOverrides({
        initial: { flags: { flags: { 'dark-mode': { enabled: false } } } },
      });
      const { renderApp, exposures } = setupExposures({ overrides, exposesOverrides });
      const { unmount } = renderApp(<Reader />);
      await advance();
      expect(exposures.map(({ reason }) => reason)).toEqual(exposesOverrides ? ['override'] : []);
      unmount();
      vi.useRealTimers();
    }
  });

  it('does not report what is suspended until it is on the page', async () => {
    let resolve: (text: string) => void = () => {};
    const text = new Promise<string>((resolvePromise) => {
      resolve = resolvePromise;
    });
    function Late() {
      useFlag('dark-mode');
      return <Waiter promise={text} />;
    }
    const { renderApp, exposures } = setupExposures();
    renderApp(
      <Suspense fallback={null}>
        <Late />
      </Suspense>,
    );
    await advance(MINUTE_MS);
    expect(exposures).toEqual([]);
    await act(async () => resolve('there'));
    await advance(MINUTE_MS);
    await advance(MINUTE_MS);
    expect(exposures).toHaveLength(1);
  });

  it.runIf(IS_REACT_19)('reports nothing of a hidden <Activity> until it is shown', async () => {
    const { withProvider, exposures } = setupExposures();
    const page = (mode: 'hidden' | 'visible') =>
      withProvider(
        <React.Activity mode={mode}>
          <Reader />
        </React.Activity>,
      );
    const { rerender } = render(page('hidden'));
    await advance(2 * MINUTE_MS);
    expect(exposures).toEqual([]);
    rerender(page('visible'));
    await advance();
    expect(exposures).toHaveLength(1);
  });

  it('reports nothing of a prerendered page until it is shown', async () => {
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
    const { renderApp, exposures } = setupExposures();
    renderApp(<Reader />);
    await advance();
    expect(exposures).toEqual([]);
    Reflect.deleteProperty(document, 'prerendering');
    document.dispatchEvent(new Event('prerenderingchange'));
    await advance();
    expect(exposures).toHaveLength(1);
  });

  it('reports a default once the first poll has failed, with the reason', async () => {
    const { renderApp, emulator, exposures } = setupExposures({
      defaults: { flags: { 'dark-mode': { enabled: true } } },
    });
    emulator.inject({ kind: 'error', status: 500, times: Infinity });
    renderApp(<Reader />);
    await advance(1_000);
    expect(exposures).toMatchObject([{ value: { enabled: true }, reason: 'default' }]);
  });

  it('never reports for one person what was known for another', async () => {
    setup();
    const exposures: FlagExposure[] = [];
    const emulator = createStrictEmulator();
    const deploy = (enabled: boolean) =>
      emulator.deploy({ ...NAME, profile: 'flags', content: { 'dark-mode': { enabled } } });
    deploy(true);
    const source = createInPageAgentSource(emulator);
    const page = (entityId: string) => (
      <AppConfigProvider
        {...NAME}
        source={source}
        flags="flags"
        entityId={entityId}
        onExposure={(exposure) => exposures.push(exposure)}
      >
        <Reader />
      </AppConfigProvider>
    );
    const { rerender } = render(page('ada'));
    await advance();
    deploy(false);
    rerender(page('ben'));
    await advance();
    expect(exposures.map(({ entityId, value }) => [entityId, value.enabled])).toEqual([
      ['ada', true],
      ['ben', false],
    ]);
  });

  it('reports each environment of a source separately', async () => {
    const { props, exposures } = setupExposures();
    render(
      <>
        {['production', 'test'].map((environment) => (
          <AppConfigProvider key={environment} {...props} environment={environment} source={memory}>
            <Reader />
          </AppConfigProvider>
        ))}
      </>,
    );
    await advance();
    expect(exposures).toHaveLength(2);
  });

  it('reports what is on the page to a listener that comes later, and nothing else', async () => {
    const exposures: FlagExposure[] = [];
    const { withProvider, deploy } = setup();
    const page = (hasListener: boolean, hasReader: boolean) =>
      withProvider(
        <>
          {hasReader && <Reader />}
          <Reader flag="old-thing" />
        </>,
        hasListener ? { onExposure: (exposure) => exposures.push(exposure) } : {},
      );
    const { rerender } = render(page(false, true));
    await advance();
    rerender(page(false, false));
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(2 * MINUTE_MS);
    rerender(page(true, false));
    await advance();
    expect(exposures.map(({ flag }) => flag)).toEqual(['old-thing']);
  });

  it('keeps reporting other flags when a listener throws', async () => {
    const uncaught = collectUncaught();
    const heard: string[] = [];
    const { renderApp } = setup({
      onExposure({ flag }) {
        heard.push(flag);
        throw new Error(`no ${flag}, please`);
      },
    });
    renderApp(
      <>
        <Reader />
        <Reader flag="old-thing" />
      </>,
    );
    await advance();
    await vi.waitFor(() => expect(uncaught).toHaveLength(2));
    expect(heard).toEqual(['dark-mode', 'old-thing']);
  });
});

describe('the callbacks of a client', () => {
  it('may be replaced while its provider mounts', async () => {
    const { renderApp, emulator } = setup();
    emulator.inject({ kind: 'error', status: 503, times: 3 });
    const heard = { onError: vi.fn<() => void>(), onExposure: vi.fn<() => void>() };
    function Replacer() {
      const client = useAppConfigClient();
      useEffect(() => void Object.assign(client, heard), [client]);
      return <Reader />;
    }
    renderApp(<Replacer />);
    await advance(MINUTE_MS);
    expect(heard.onError).toHaveBeenCalledTimes(1);
    expect(heard.onExposure).toHaveBeenCalledTimes(2);
  });

  it('hear of what is on the page when they come later', async () => {
    const { props } = setup();
    const client = new AppConfigClient(props);
    render(
      <AppConfigProvider client={client}>
        <Reader />
      </AppConfigProvider>,
    );
    await advance();
    const onExposure = vi.fn<() => void>();
    client.onExposure = onExposure;
    await advance(1_000);
    expect(onExposure).toHaveBeenCalledTimes(1);
  });

  it('do not silence each other by throwing', async () => {
    const uncaught = collectUncaught();
    const { props, emulator } = setup();
    emulator.inject({ kind: 'error', status: 503, times: 3 });
    const onError = vi.fn<() => void>();
    const client = new AppConfigClient({
      ...props,
      onError() {
        throw new Error('mine');
      },
    });
    render(
      <AppConfigProvider client={client} onError={onError}>
        <Reader />
      </AppConfigProvider>,
    );
    await advance();
    await vi.waitFor(() => expect(uncaught).toHaveLength(1));
    expect(onError).toHaveBeenCalledTimes(1);
  });
});

describe('onChange', () => {
  it('reports which flags a version changed, from what to what', async () => {
    const { renderApp, emulator, changes } = setupExposures();
    renderApp(<Reader />);
    await advance();
    expect(changes).toEqual([]);
    const { 'old-thing': _gone, ...rest } = FLAGS;
    emulator.deploy({
      ...NAME,
      profile: 'flags',
      versionLabel: 'v2',
      content: { ...rest, 'dark-mode': { enabled: false }, fresh: { enabled: true } },
    });
    await advance(70_000);
    await advance(70_000);
    expect(changes).toEqual([
      {
        profile: 'flags',
        fromVersionLabel: undefined,
        toVersionLabel: 'v2',
        flags: [
          { flag: 'dark-mode', from: { enabled: true }, to: { enabled: false } },
          { flag: 'old-thing', from: { enabled: false }, to: undefined },
          { flag: 'fresh', from: undefined, to: { enabled: true } },
        ],
      },
    ]);
  });

  it('reports a new flag as new whatever its name, even __proto__ and toString', async () => {
    const { renderApp, emulator, changes } = setupExposures();
    renderApp(<Reader />);
    await advance();
    const content = JSON.stringify({ ...FLAGS, toString: { enabled: true } }).replace(
      '{',
      '{"__proto__":{"enabled":true},',
    );
    emulator.deploy({ ...NAME, profile: 'flags', content, contentType: 'application/json' });
    await advance(70_000);
    expect(changes.flatMap(({ flags }) => flags)).toEqual([
      { flag: '__proto__', from: undefined, to: { enabled: true } },
      { flag: 'toString', from: undefined, to: { enabled: true } },
    ]);
  });

  it('is called with the newest callback, even if the reader mounts in the render that brings it', async () => {
    const { props, deploy } = setup();
    const changes: FlagsChange[] = [];
    function Document() {
      return <p>{useAppConfig('flags').versionLabel}</p>;
    }
    const page = (hasReader: boolean) => (
      <AppConfigProvider {...props} onChange={(change) => changes.push(change)}>
        <Document />
        {hasReader && <Reader />}
      </AppConfigProvider>
    );
    const { rerender } = render(page(true));
    await advance();
    rerender(page(false));
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(2 * MINUTE_MS);
    rerender(page(true));
    await advance();
    expect(changes).toHaveLength(1);
  });

  it('reports nothing when another person has other flags', async () => {
    const { props, changes } = setupExposures();
    const source = agentSourceOfEntities();
    const page = (entityId: string) => (
      <AppConfigProvider {...props} source={source} entityId={entityId}>
        <Reader />
      </AppConfigProvider>
    );
    const { rerender } = render(page('ada'));
    await advance();
    rerender(page('ben'));
    await advance();
    expect(changes).toEqual([]);
  });

  it('cannot keep the page from a new version by throwing', async () => {
    const uncaught = collectUncaught();
    const { renderApp, deploy } = setup({
      onChange() {
        throw new Error('analytics are down');
      },
    });
    renderApp(<Reader />);
    await advance();
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(2 * MINUTE_MS);
    expect(document.body.textContent).toBe('false');
    await vi.waitFor(() => expect(uncaught).toHaveLength(1));
  });

  it('does not report overrides', async () => {
    const overrides = memoryOverrides();
    const { renderApp, changes } = setupExposures({ overrides });
    renderApp(<Reader />);
    await advance();
    act(() => overrides.setFlag('dark-mode', false));
    act(() => overrides.clear());
    await advance(70_000);
    expect(changes).toEqual([]);
  });
});

const memory = memorySource({ flags: FLAGS });

/** Ada has the flag, and nobody else. */
function agentSourceOfEntities(): ConfigurationSource {
  return {
    name: 'entities',
    getLatestConfiguration: async ({ entityId }) => ({
      configuration: new TextEncoder().encode(
        JSON.stringify({ 'dark-mode': { enabled: entityId === 'ada' } }),
      ),
      contentType: 'application/json',
      nextToken: 'next',
      nextPollIntervalInSeconds: 60,
      versionLabel: 'v1',
    }),
  };
}

/** Suspends until a promise is fulfilled, in React 18, too. */
function Waiter({ promise }: { promise: Promise<string> }): ReactNode {
  const text = Reflect.get(promise, 'text');
  if (typeof text === 'string') return <p>{text}</p>;
  throw promise.then((value) => Reflect.set(promise, 'text', value));
}
