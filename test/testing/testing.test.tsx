import { render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { describe, expect, it, vi } from 'vitest';
import {
  Feature,
  useAppConfig,
  useAppConfigStatus,
  useFlag,
  useFlagDetails,
  useFlagValue,
} from '../../src/entries/index.ts';
import {
  AppConfigTestProvider,
  createTestAppConfig,
  flagMatrix,
} from '../../src/entries/testing.ts';
import { ErrorBoundary } from '../react/setup.tsx';

function Checkout() {
  const checkout = useFlag('new-checkout');
  const { reason, versionLabel, error } = useFlagDetails('new-checkout');
  return (
    <p>
      {checkout.enabled ? `up to ${String(checkout['maxItems'])}` : 'the old checkout'}, {reason},{' '}
      {versionLabel ?? 'no version'}, {error?.code ?? 'no error'}
    </p>
  );
}

function Settings() {
  const { data, status } = useAppConfig('site-settings');
  return (
    <p>
      {status}: {JSON.stringify(data)}
    </p>
  );
}

const text = () => screen.getByText(/./, { selector: 'p' }).textContent;

describe('<AppConfigTestProvider>', () => {
  it('has its flags right at the first render, with no word on the console', () => {
    const said = vi.spyOn(console, 'error');
    render(
      <StrictMode>
        <AppConfigTestProvider flags={{ 'new-checkout': { enabled: true, maxItems: 5 } }}>
          <Checkout />
        </AppConfigTestProvider>
      </StrictMode>,
    );
    expect(text()).toBe('up to 5, loaded, 1, no error');
    expect(said).not.toHaveBeenCalled();
  });

  it('deploys what a later render brings', () => {
    const page = (isOn: boolean) => (
      <AppConfigTestProvider flags={{ dark: isOn }} documents={{ 'site-settings': { isOn } }}>
        <Feature flag="dark" fallback={<b>light</b>}>
          <b>dark</b>
        </Feature>
        <Settings />
      </AppConfigTestProvider>
    );
    const { rerender } = render(page(false));
    expect(screen.getByText('light')).toBeTruthy();
    rerender(page(true));
    expect(screen.getByText('dark')).toBeTruthy();
    expect(text()).toBe('success: {"isOn":true}');
  });

  it('refuses a flag that the test has not set, by its name, in every hook that reads one', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const readers = [
      () => useFlag('misspelt').enabled,
      () => useFlagDetails('misspelt').reason,
      () => useFlagValue('misspelt', 'maxItems', 3),
    ];
    for (const useReader of readers) {
      const Reader = () => <p>{String(useReader())}</p>;
      const { unmount } = render(
        <AppConfigTestProvider flags={{ dark: true }}>
          <ErrorBoundary>
            <Reader />
          </ErrorBoundary>
        </AppConfigTestProvider>,
      );
      expect(screen.getByRole('button').textContent).toMatch(
        /"misspelt" is read.*allowsUnsetFlags/,
      );
      unmount();
    }
    said.mockRestore();
  });

  it('treats an unset flag as off if that is allowed', () => {
    render(
      <AppConfigTestProvider allowsUnsetFlags>
        <Checkout />
      </AppConfigTestProvider>,
    );
    expect(text()).toBe('the old checkout, missing, 1, no error');
  });
});

describe('createTestAppConfig', () => {
  const setup = (options: Parameters<typeof createTestAppConfig>[0] = {}) => {
    const appConfig = createTestAppConfig({
      flags: { 'new-checkout': { enabled: true, maxItems: 20 } },
      ...options,
    });
    const said = vi.spyOn(console, 'error');
    render(
      <AppConfigTestProvider appConfig={appConfig}>
        <Checkout />
      </AppConfigTestProvider>,
    );
    return { appConfig, said };
  };

  it('has rendered a flag, a document and their versions when the call returns', () => {
    const { appConfig, said } = setup();
    expect(text()).toBe('up to 20, loaded, 1, no error');
    appConfig.setFlag('new-checkout', { enabled: true, maxItems: 5 });
    expect(text()).toBe('up to 5, loaded, 2, no error');
    appConfig.setFlag('new-checkout', false);
    expect(text()).toBe('the old checkout, loaded, 3, no error');
    appConfig.setFlags({ 'new-checkout': true });
    expect(text()).toBe('up to undefined, loaded, 4, no error');
    expect(said).not.toHaveBeenCalled();
  });

  it('shows an error beside what is known, and recovers from it', () => {
    const { appConfig } = setup();
    appConfig.setError(new Error('no network'));
    expect(text()).toBe('up to 20, stale, 1, ServiceFailure');
    appConfig.setError(undefined);
    expect(text()).toBe('up to 20, loaded, 1, no error');
    expect(appConfig.errors.map(({ message }) => message)).toEqual(['no network']);
  });

  it('knows nothing while it is loading, and never forgets what it knows', () => {
    const { appConfig, said } = setup({ isPending: true });
    expect(text()).toBe('the old checkout, default, no version, no error');
    appConfig.setFlag('new-checkout', { enabled: true, maxItems: 5 });
    expect(text()).toBe('the old checkout, default, no version, no error');
    appConfig.setPending(false);
    expect(text()).toBe('up to 5, loaded, 2, no error');
    expect(() => appConfig.setPending(true)).toThrow(/stays known/);
    expect(text()).toBe('up to 5, loaded, 2, no error');
    expect(said).not.toHaveBeenCalled();
  });

  it('polls when the interval has passed, which takes no time', async () => {
    const appConfig = createTestAppConfig({ flags: { dark: true } });
    function Polls() {
      const dark = useFlag('dark').enabled;
      const { pollCount } = useAppConfigStatus('flags');
      return (
        <p>
          {pollCount} {String(dark)}
        </p>
      );
    }
    render(
      <AppConfigTestProvider appConfig={appConfig}>
        <Polls />
      </AppConfigTestProvider>,
    );
    const before = Number.parseInt(text() ?? '', 10);
    await appConfig.advance(30_000);
    expect(text()).toBe(`${before} true`);
    await appConfig.advance(40_000);
    expect(text()).toBe(`${before + 1} true`);
  });

  it('works with fake timers that fake queueMicrotask as well, as those of jest do', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'queueMicrotask', 'Date'] });
    const appConfig = createTestAppConfig({ flags: { 'new-checkout': false } });
    render(<Checkout />, { wrapper: appConfig.wrapper });
    await appConfig.advance(1_000);
    expect(appConfig.exposures).toMatchObject([
      { flag: 'new-checkout', value: { enabled: false } },
    ]);
    appConfig.setFlag('new-checkout', true);
    appConfig.setError(new Error('no network'));
    await appConfig.advance(60_000);
    expect(appConfig.exposures).toHaveLength(2);
    expect(appConfig.changes).toMatchObject([{ flags: [{ flag: 'new-checkout' }] }]);
    expect(appConfig.errors).toHaveLength(1);
  });

  it('works with fake timers, which it does not wait for', () => {
    vi.useFakeTimers();
    try {
      const { appConfig } = setup();
      appConfig.setFlag('new-checkout', false);
      expect(text()).toBe('the old checkout, loaded, 2, no error');
    } finally {
      vi.useRealTimers();
    }
  });

  it('logs exposures and changes', async () => {
    const { appConfig } = setup({ entityId: 'ada' });
    await Promise.resolve();
    appConfig.setFlag('new-checkout', false);
    await vi.waitFor(() => expect(appConfig.exposures).toHaveLength(2));
    expect(appConfig.exposures.map(({ flag, entityId, value }) => [flag, entityId, value])).toEqual(
      [
        ['new-checkout', 'ada', { enabled: true, maxItems: 20 }],
        ['new-checkout', 'ada', { enabled: false }],
      ],
    );
    expect(appConfig.changes).toEqual([
      {
        profile: 'flags',
        fromVersionLabel: '1',
        toVersionLabel: '2',
        flags: [
          {
            flag: 'new-checkout',
            from: { enabled: true, maxItems: 20 },
            to: { enabled: false },
          },
        ],
      },
    ]);
  });
});

describe('flagMatrix', () => {
  it('has every pair of values of any two flags, in about ten cases for twenty switches', () => {
    const names = Array.from({ length: 20 }, (_, index) => `flag-${index}`);
    const cases = flagMatrix(names);
    expect(cases.length).toBeLessThanOrEqual(12);
    const missing = names.flatMap((a, index) =>
      names
        .slice(index + 1)
        .flatMap((b) =>
          [true, false].flatMap((x) =>
            [true, false].filter(
              (y) => !cases.some(({ flags }) => flags[a] === x && flags[b] === y),
            ),
          ),
        ),
    );
    expect(missing).toEqual([]);
  });

  it('names each case, takes attributes, and gives the same cases each time', () => {
    const values = {
      dark: [true, false],
      checkout: [{ enabled: true, maxItems: 5 } as const, false],
    };
    const cases = flagMatrix(values);
    expect(cases).toHaveLength(4);
    expect(cases.map(({ name }) => name)).toContain('dark: on, checkout: on maxItems=5');
    expect(flagMatrix(values)).toEqual(cases);
    expect(flagMatrix({ dark: [true, false] })).toHaveLength(2);
    expect(flagMatrix([])).toEqual([]);
    expect(() => flagMatrix({ dark: [] })).toThrow(/"dark"/);
  });
});

describe('outside of an act environment, as in a component test or a story', () => {
  it('deploys what a later render brings, and breaks nothing after it', async () => {
    const before: unknown = Reflect.get(globalThis, 'IS_REACT_ACT_ENVIRONMENT');
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', false);
    const root = createRoot(document.body.appendChild(document.createElement('div')));
    const page = (isOn: boolean, error?: Error) => (
      <AppConfigTestProvider flags={{ dark: isOn }} error={error}>
        <Dark />
      </AppConfigTestProvider>
    );
    root.render(page(true));
    await screen.findByText('on, loaded');
    root.render(page(false));
    await screen.findByText('off, loaded');
    root.render(page(false, new Error('no network')));
    await screen.findByText('off, stale');
    root.render(page(false));
    await screen.findByText('off, loaded');
    root.unmount();
    Reflect.set(globalThis, 'IS_REACT_ACT_ENVIRONMENT', before);
    const appConfig = createTestAppConfig({ flags: { dark: true } });
    render(<Dark />, { wrapper: appConfig.wrapper });
    appConfig.setFlag('dark', false);
    expect(screen.getByText('off, loaded')).toBeTruthy();
  });
});

function Dark() {
  const { flag, reason } = useFlagDetails('dark');
  return (
    <p>
      {flag.enabled ? 'on' : 'off'}, {reason}
    </p>
  );
}
