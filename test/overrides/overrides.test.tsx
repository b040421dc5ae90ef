import { act, render, screen } from '@testing-library/react';
import { memo } from 'react';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import {
  useAppConfig,
  useAppConfigStatus,
  useFlagDetails,
  useFlags,
  type AppConfigError,
  type OverrideStore,
} from '../../src/entries/index.ts';
import {
  browserOverrides,
  memoryOverrides,
  readOverridesCookie,
  type AllowOverrides,
  type BrowserOverrides,
  type Overrides,
} from '../../src/entries/overrides.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const inProduction = () => vi.stubEnv('NODE_ENV', 'production');
const open = (search: string) => window.history.replaceState(null, '', `/${search}`);
/** As a provider does while it is on the page. */
const use = (overrides: BrowserOverrides): BrowserOverrides => {
  overrides.subscribe(() => {});
  return overrides;
};
const useOutline = (key: string) => {
  const { flag, reason, versionLabel } = useFlagDetails(key);
  return { flag, reason, versionLabel };
};

/** What a provider has of a store can be set like the store. */
function settable(overrides: OverrideStore | undefined): Overrides {
  if (overrides && isSettable(overrides)) return overrides;
  throw new Error('These overrides cannot be set.');
}

function isSettable(overrides: OverrideStore): overrides is Overrides {
  return 'setFlag' in overrides;
}

beforeEach(() => {
  localStorage.clear();
  document.cookie = 'appconfig-overrides=; Max-Age=0; Path=/';
  open('');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('overrides', () => {
  it('that replace a document have no version, for any hook', async () => {
    const overrides = memoryOverrides();
    overrides.setDocument('flags', { other: { enabled: true } });
    const { renderApp, emulator } = setup({ overrides });
    emulator.deploy({ ...NAME, profile: 'flags', content: FLAGS, versionLabel: 'v7' });
    const probe = createProbe(() => [
      useFlagDetails('other').versionLabel,
      useFlagDetails('dark-mode').versionLabel,
      useAppConfig('flags').versionLabel,
      useAppConfigStatus().versionLabel,
    ]);
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('take precedence over the service, render only the readers of their flag, and can be cleared', async () => {
    const overrides = memoryOverrides();
    const { renderApp } = setup({ overrides });
    const dark = createProbe(() => useOutline('dark-mode'));
    const old = createProbe(() => useOutline('old-thing'));
    renderApp(
      <>
        <dark.Probe />
        <old.Probe />
      </>,
    );
    await advance();
    const rendersBefore = old.renders;
    act(() => overrides.setFlag('dark-mode', false));
    expect(dark.value).toEqual({ flag: { enabled: false }, reason: 'override' });
    expect(old.renders).toBe(rendersBefore);
    await advance(2 * MINUTE_MS);
    expect(dark.value).toMatchObject({ reason: 'override' });
    act(() => overrides.clear({ flag: 'dark-mode' }));
    expect(dark.value).toEqual({ flag: { enabled: true }, reason: 'loaded' });
    expect(old.renders).toBe(rendersBefore);
  });

  it('cost no render and no new document when a poll brings nothing new', async () => {
    const overrides = memoryOverrides({
      initial: { flags: { flags: { 'dark-mode': { enabled: false } } } },
    });
    const { renderApp, operations } = setup({ overrides });
    const flags = createProbe(() => useFlags());
    const document = createProbe(() => useAppConfig('flags').data);
    renderApp(
      <>
        <flags.Probe />
        <document.Probe />
      </>,
    );
    await advance();
    const renders = flags.renders + document.renders;
    await advance(3 * MINUTE_MS);
    expect(operations().length).toBeGreaterThan(3);
    expect(flags.renders + document.renders).toBe(renders);
    expect(flags.value).toEqual({ ...FLAGS, 'dark-mode': { enabled: false } });
    expect(document.value).toEqual(flags.value);
  });

  it('are known before the service has answered anything', () => {
    const overrides = memoryOverrides();
    overrides.setFlag('dark-mode', true);
    const { renderApp } = setup({ overrides });
    const dark = createProbe(() => useOutline('dark-mode'));
    renderApp(<dark.Probe />);
    expect(dark.values[0]).toMatchObject({ flag: { enabled: true }, reason: 'override' });
  });

  it('stand for a whole document, which its schema checks like any other', async () => {
    const overrides = memoryOverrides();
    const { renderApp, emulator } = setup({ overrides });
    emulator.deploy({
      application: 'shop',
      environment: 'production',
      profile: 'site-settings',
      content: { title: 'Shop' },
    });
    const schema = z.object({ title: z.string() });
    const settings = createProbe(() => {
      const { data, error } = useAppConfig('site-settings', { schema });
      return [data, error?.code];
    });
    renderApp(<settings.Probe />);
    await advance();
    act(() => overrides.setDocument('site-settings', { title: 'Mine' }));
    expect(settings.value).toEqual([{ title: 'Mine' }, undefined]);
    act(() => overrides.setDocument('site-settings', { title: 7 }));
    expect(settings.value).toEqual([{ title: 'Mine' }, 'SchemaMismatch']);
    act(() => overrides.clear());
    expect(settings.value).toEqual([{ title: 'Shop' }, undefined]);
  });

  it('of a whole flag profile make each of its flags an override', async () => {
    const overrides = memoryOverrides();
    const { renderApp } = setup({ overrides });
    const dark = createProbe(() => useOutline('dark-mode'));
    const gone = createProbe(() => useOutline('old-thing'));
    renderApp(
      <>
        <dark.Probe />
        <gone.Probe />
      </>,
    );
    await advance();
    act(() => overrides.setDocument('flags', { 'dark-mode': { enabled: false } }));
    expect(dark.value).toMatchObject({ flag: { enabled: false }, reason: 'override' });
    expect(gone.value).toMatchObject({ reason: 'missing' });
  });

  it('can be given to a provider later, and taken from it', async () => {
    const overrides = memoryOverrides({
      initial: { flags: { flags: { 'dark-mode': { enabled: false } } } },
    });
    const { withProvider } = setup();
    const dark = createProbe(() => useOutline('dark-mode').reason);
    const page = (given: OverrideStore | undefined) =>
      withProvider(<dark.Probe />, { overrides: given });
    const { rerender } = render(page(undefined));
    await advance();
    expect(dark.value).toBe('loaded');
    rerender(page(overrides));
    await advance();
    expect(dark.value).toBe('override');
    rerender(page(undefined));
    await advance();
    expect(dark.value).toBe('loaded');
  });

  it('are cleared without a trace, even if the service has no good version', async () => {
    const overrides = memoryOverrides();
    const { renderApp, deploy } = setup({ overrides });
    deploy([1]);
    const document = createProbe(() => useAppConfig('flags').data);
    const dark = createProbe(() => useOutline('dark-mode'));
    renderApp(
      <>
        <document.Probe />
        <dark.Probe />
      </>,
    );
    await advance();
    act(() => overrides.setDocument('flags', { 'dark-mode': { enabled: true } }));
    expect(dark.value).toMatchObject({ flag: { enabled: true }, reason: 'override' });
    act(() => overrides.clear());
    expect(dark.value).toMatchObject({ flag: { enabled: false }, reason: 'default' });
    expect(document.value).toEqual([1]);
  });

  it('that are not flags leave the flags of the service alone, from the start', async () => {
    const overrides = memoryOverrides({ initial: { flags: { document: 5 } } });
    const { renderApp } = setup({ overrides });
    const dark = createProbe(() => useOutline('dark-mode'));
    renderApp(<dark.Probe />);
    await advance();
    expect(dark.value).toMatchObject({ flag: { enabled: true }, reason: 'stale' });
  });

  it('keep the attributes of a flag that is only switched on', async () => {
    const overrides = memoryOverrides();
    overrides.setFlag('new-checkout', true);
    const { renderApp } = setup({ overrides });
    const checkout = createProbe(() => useOutline('new-checkout').flag);
    renderApp(<checkout.Probe />);
    await advance();
    expect(checkout.value).toEqual(FLAGS['new-checkout']);
    act(() => overrides.setFlag('new-checkout', { enabled: true, maxItems: 1 }));
    expect(checkout.value).toEqual({ ...FLAGS['new-checkout'], maxItems: 1 });
  });

  it('do not confuse keys such as __proto__ with prototypes', () => {
    const overrides = memoryOverrides();
    overrides.setFlag('__proto__', true);
    overrides.setDocument('constructor', { a: 1 });
    expect(Object.keys(overrides.getSnapshot())).toEqual(['flags', 'constructor']);
    expect(Object.keys(overrides.getSnapshot()['flags']?.flags ?? {})).toEqual(['__proto__']);
    expect(Reflect.get({}, 'enabled')).toBeUndefined();
    expect(() => overrides.setFlag('dark', JSON.parse('{"enabled":1}'))).toThrow(/dark/);
  });
});

describe('browserOverrides', () => {
  const FLAG_ON = { flags: { flags: { dark: { enabled: true } } } };

  it('are kept across reloads, and cleared in one call', () => {
    browserOverrides().setFlag('dark', true);
    const reloaded = browserOverrides();
    expect(reloaded.getSnapshot()).toEqual(FLAG_ON);
    reloaded.clear();
    expect(browserOverrides().getSnapshot()).toEqual({});
    expect(localStorage).toHaveLength(0);
  });

  it('come from a URL that somebody writes by hand', () => {
    open('?appconfig.dark=true&appconfig.checkout.maxItems=5&appconfig.old=false&other=1');
    expect(browserOverrides().getSnapshot()).toEqual({
      flags: {
        flags: {
          dark: { enabled: true },
          checkout: { enabled: true, maxItems: 5 },
          old: { enabled: false },
        },
      },
    });
    localStorage.clear();
    open('?appconfig.banner={"enabled":true,"text":"hello"}');
    expect(browserOverrides({ flags: 'mine' }).getSnapshot()).toEqual({
      mine: { flags: { banner: { enabled: true, text: 'hello' } } },
    });
  });

  it('are added to those that are kept, one flag at a time', () => {
    browserOverrides().setFlag('old', false);
    open('?appconfig.dark=true');
    expect(browserOverrides().getSnapshot()).toEqual({
      flags: { flags: { old: { enabled: false }, dark: { enabled: true } } },
    });
  });

  it('are logged in development, because they outlive the URL, and can be cleared by a URL', () => {
    const said = vi.spyOn(console, 'info').mockImplementation(() => {});
    open('?appconfig.dark=true');
    use(browserOverrides());
    open('');
    expect(use(browserOverrides()).getSnapshot()).toEqual(FLAG_ON);
    expect(said).toHaveBeenLastCalledWith(
      expect.stringMatching(/overridden in this browser: .*dark\./),
    );
    open('?appconfig={}');
    expect(use(browserOverrides()).getSnapshot()).toEqual({});
    expect(localStorage).toHaveLength(0);
    said.mockRestore();
  });

  it('go to the flags of the provider, whatever their profile is called', async () => {
    open('?appconfig.dark-mode=false');
    const { renderApp, emulator } = setup({ flags: 'my-flags', overrides: browserOverrides() });
    emulator.deploy({
      application: 'shop',
      environment: 'production',
      profile: 'my-flags',
      content: FLAGS,
    });
    const dark = createProbe(() => useOutline('dark-mode'));
    renderApp(<dark.Probe />);
    await advance();
    expect(dark.value).toMatchObject({ flag: { enabled: false }, reason: 'override' });
  });

  it('render nothing again when they are made anew in each render', async () => {
    open('?appconfig.dark-mode=false');
    const { withProvider } = setup();
    const dark = createProbe(() => useOutline('dark-mode'));
    const Memoized = memo(dark.Probe);
    const page = () => withProvider(<Memoized />, { overrides: browserOverrides() });
    const { rerender } = render(page());
    await advance();
    const { renders } = dark;
    for (let count = 0; count < 4; count += 1) rerender(page());
    await advance();
    expect(dark.value).toMatchObject({ reason: 'override' });
    expect(dark.renders).toBe(renders);
  });

  it('go into a link that sets the same overrides for anybody who opens it', () => {
    open('?page=2');
    const overrides = browserOverrides();
    overrides.setFlag('dark', true);
    overrides.setDocument('site-settings', { title: 'ä & b' });
    const link = new URL(overrides.createLink());
    expect(link.searchParams.get('page')).toBe('2');
    localStorage.clear();
    open(link.search);
    expect(browserOverrides().getSnapshot()).toEqual(overrides.getSnapshot());
  });

  it('follow another tab', () => {
    const overrides = browserOverrides();
    const heard = vi.fn<() => void>();
    const stop = overrides.subscribe(heard);
    localStorage.setItem('appconfig-overrides', JSON.stringify({ text: JSON.stringify(FLAG_ON) }));
    window.dispatchEvent(new StorageEvent('storage', { key: 'appconfig-overrides' }));
    expect(overrides.getSnapshot()).toEqual(FLAG_ON);
    expect(heard).toHaveBeenCalledTimes(1);
    stop();
  });

  it.each([
    [
      'a value that is not a flag',
      '?appconfig.dark=banana',
      /dark=banana sets no flag: write true, false/,
    ],
    ['broken JSON', '?appconfig={', /must be JSON/],
    ['another shape', '?appconfig=[1]', /must be JSON/],
    ['far too much', `?appconfig=${'x'.repeat(100_001)}`, /too long/],
  ])('take nothing from a URL with %s, and say so', (_what, search, message) => {
    open(search);
    const onError = vi.fn<(error: AppConfigError) => void>();
    expect(browserOverrides({ onError }).getSnapshot()).toEqual({});
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onError.mock.calls[0]?.[0]).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringMatching(message),
    });
  });

  it('work without storage', () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const storage = vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
    const write = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
    const onError = vi.fn<(error: AppConfigError) => void>();
    const overrides = browserOverrides({ onError });
    overrides.setFlag('dark', true);
    expect(overrides.getSnapshot()).toEqual(FLAG_ON);
    expect(onError).toHaveBeenCalledTimes(1);
    storage.mockRestore();
    write.mockRestore();
  });

  it('are off in production: neither the address, nor the storage, nor the code sets one', () => {
    browserOverrides().setFlag('dark', true);
    inProduction();
    open('?appconfig.dark=true');
    const overrides = browserOverrides();
    expect(overrides.getSnapshot()).toEqual({});
    expect(() => overrides.setFlag('dark', true)).toThrow(/off in production/);
    open(`?appconfig=${JSON.stringify(FLAG_ON)}`);
    expect(browserOverrides().getSnapshot()).toEqual({});
    overrides.clear();
    expect(localStorage).toHaveLength(0);
  });

  it('apply in production when the app has checked their signature, even after a reload', async () => {
    inProduction();
    const text = JSON.stringify(FLAG_ON);
    const allowOverrides = vi.fn<AllowOverrides>(async (signed, signature) =>
      Promise.resolve(signature === `signature of ${signed}`),
    );
    open(`?appconfig=${encodeURIComponent(text)}&appconfig-signature=forged`);
    const forged = browserOverrides({ allowOverrides });
    expect(forged.getSnapshot()).toEqual({});
    await vi.waitFor(() => expect(allowOverrides).toHaveBeenCalledTimes(1));
    expect(forged.getSnapshot()).toEqual({});
    open(
      `?appconfig=${encodeURIComponent(text)}&appconfig-signature=${encodeURIComponent(`signature of ${text}`)}`,
    );
    const right = browserOverrides({ allowOverrides });
    const heard = vi.fn<() => void>();
    right.subscribe(heard);
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
    expect(right.getSnapshot()).toEqual(FLAG_ON);
    open('');
    const reloaded = browserOverrides({ allowOverrides });
    await vi.waitFor(() => expect(reloaded.getSnapshot()).toEqual(FLAG_ON));
    localStorage.setItem(
      'appconfig-overrides',
      JSON.stringify({ text: text.replace('true', 'false'), signature: `signature of ${text}` }),
    );
    const tampered = browserOverrides({ allowOverrides });
    expect(tampered.getSnapshot()).toEqual({});
    await vi.waitFor(() =>
      expect(allowOverrides).toHaveBeenCalledWith(
        expect.stringContaining('false'),
        expect.anything(),
      ),
    );
    expect(tampered.getSnapshot()).toEqual({});
  });

  it.each([
    ['an object that says no', { valid: false }],
    ['a response', new Response(null, { status: 401 })],
    ['a text', 'no'],
  ])('do not apply in production for %s, in a page or on a server', async (_, answer) => {
    inProduction();
    const text = JSON.stringify(FLAG_ON);
    for (const given of [answer, Promise.resolve(answer)]) {
      const allowOverrides = vi.fn<AllowOverrides>(() => Object(given));
      open(`?appconfig=${encodeURIComponent(text)}`);
      const overrides = browserOverrides({ allowOverrides });
      overrides.subscribe(() => {});
      await vi.waitFor(() => expect(allowOverrides).toHaveBeenCalled());
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
      expect(overrides.getSnapshot()).toEqual({});
      const cookie = `appconfig-overrides=${encodeURIComponent(JSON.stringify({ text }))}`;
      expect(await readOverridesCookie(cookie, { allowOverrides })).toEqual({});
    }
  });

  it('are not set by an answer of allowOverrides that comes after they were cleared', async () => {
    inProduction();
    open(`?appconfig=${JSON.stringify(FLAG_ON)}&appconfig-signature=x`);
    let allow: (isAllowed: boolean) => void = () => {};
    const overrides = browserOverrides({
      allowOverrides: () =>
        new Promise((resolve) => {
          allow = resolve;
        }),
    });
    overrides.getSnapshot();
    overrides.clear();
    allow(true);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    expect(overrides.getSnapshot()).toEqual({});
    expect(localStorage).toHaveLength(0);
  });

  it('are the same in two stores of a page, and gone from the address once they are kept', async () => {
    open('?page=2&appconfig.dark=true');
    const [one, other] = [use(browserOverrides()), browserOverrides()];
    expect(one.getSnapshot()).toEqual(FLAG_ON);
    await vi.waitFor(() => expect(window.location.search).toBe('?page=2'));
    one.setFlag('x', true);
    other.setFlag('y', true);
    expect(Object.keys(browserOverrides().getSnapshot()['flags']?.flags ?? {})).toEqual([
      'dark',
      'x',
      'y',
    ]);
  });

  it('need a signature on a server that does not say that it is in development', async () => {
    browserOverrides({ cookie: true }).setFlag('dark', true);
    vi.stubEnv('NODE_ENV', undefined);
    expect(await readOverridesCookie(document.cookie)).toEqual({});
    const onError = vi.fn<(error: AppConfigError) => void>();
    const allowOverrides = () => {
      throw new RangeError('no base64');
    };
    expect(await readOverridesCookie(document.cookie, { allowOverrides, onError })).toEqual({});
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('hydrate with what the server was sent, and not with what it could not know', () => {
    open('?appconfig.dark=true');
    const first = browserOverrides({ cookie: true });
    expect(first.getServerSnapshot()).toEqual({});
    expect(use(first).getSnapshot()).toEqual(FLAG_ON);
    // The next request has the cookie.
    expect(browserOverrides({ cookie: true }).getServerSnapshot()).toEqual(FLAG_ON);
    expect(browserOverrides({ cookie: true, initial: { flags: {} } }).getServerSnapshot()).toEqual({
      flags: {},
    });
  });

  it('work in a frame that may not even access its storage', () => {
    const own = Object.getOwnPropertyDescriptor(window, 'localStorage');
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get() {
        throw new DOMException('The document is sandboxed.', 'SecurityError');
      },
    });
    const onError = vi.fn<(error: AppConfigError) => void>();
    const overrides = browserOverrides({ onError });
    const stop = overrides.subscribe(() => {});
    overrides.setFlag('dark', true);
    expect(overrides.getSnapshot()).toEqual(FLAG_ON);
    expect(onError).toHaveBeenCalled();
    stop();
    if (own) Object.defineProperty(window, 'localStorage', own);
    else Reflect.deleteProperty(window, 'localStorage');
  });

  it('listen to the storage only while somebody reads them', () => {
    const added = vi.spyOn(window, 'addEventListener');
    const removed = vi.spyOn(window, 'removeEventListener');
    onTestFinished(() => {
      added.mockRestore();
      removed.mockRestore();
    });
    const ofStorage = ({ mock }: typeof added | typeof removed) =>
      mock.calls.filter(([type]) => type === 'storage').map(([, listener]) => listener);
    const overrides = browserOverrides();
    for (let round = 0; round < 3; round += 1) {
      const leave = [overrides.subscribe(() => {}), overrides.subscribe(() => {})];
      for (const end of leave) end();
    }
    expect(ofStorage(added)).toHaveLength(3);
    expect(ofStorage(removed)).toEqual(ofStorage(added));
  });

  it('write nothing when they are read: neither storage, nor cookie, nor address', () => {
    open('?page=2&appconfig.dark=true');
    const overrides = browserOverrides({ cookie: true });
    expect(overrides.getSnapshot()).toEqual(FLAG_ON);
    expect(overrides.getServerSnapshot()).toEqual({});
    expect([localStorage.length, document.cookie]).toEqual([0, '']);
    expect(window.location.search).toBe('?page=2&appconfig.dark=true');
  });

  it('stay cleared, though a router hands its old address back', async () => {
    for (const state of [
      null,
      'text of an app',
      { idx: 0, key: 'react-router' },
      { __N: true, url: '/?appconfig.dark=true&a=1', as: '/?appconfig.dark=true&a=1#top' },
      { __TSR_index: 0 },
    ]) {
      window.history.replaceState(state, '', '/?appconfig.dark=true&a=1#top');
      const overrides = use(browserOverrides());
      expect(overrides.getSnapshot()).toEqual(FLAG_ON);
      await vi.waitFor(() => expect(window.location.search).toBe('?a=1'));
      expect(window.location.hash).toBe('#top');
      expect(JSON.stringify(window.history.state)).not.toContain('appconfig');
      overrides.clear();
      expect(use(browserOverrides()).getSnapshot()).toEqual({});
    }
  });

  it('wait for the router of Next, which takes a call with its own mark for its own', async () => {
    const heard: unknown[] = [];
    const marked = { __NA: true, tree: ['own'] };
    window.history.replaceState(marked, '', '/?appconfig.dark=true');
    const replaceState = window.history.replaceState.bind(window.history);
    use(browserOverrides());
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    // The router is not there yet: without its mark, "back" would load the page anew.
    expect(window.history.state).toEqual(marked);
    vi.spyOn(window.history, 'replaceState').mockImplementation((state, title, url) => {
      if (!Reflect.get(Object(state), '__NA')) heard.push(String(url));
      replaceState({ ...state, __NA: true }, title, url);
    });
    await vi.waitFor(() => expect(window.location.search).toBe(''));
    expect(heard).toHaveLength(1);
    expect(window.history.state).toEqual(marked);
    vi.restoreAllMocks();
  });

  it('of one application are not those of the next one on the origin', async () => {
    const shop = setup({ overrides: browserOverrides({ cookie: true }) });
    const dark = createProbe(() => useOutline('dark-mode').reason);
    const page = shop.renderApp(<dark.Probe />);
    await advance();
    const overrides = page && browserOverrides({ cookie: true }).adopt?.(NAME);
    act(() => settable(overrides).setFlag('dark-mode', false));
    expect(dark.value).toBe('override');
    page.unmount();
    for (const [names, reason] of [
      [{ application: 'other', environment: 'production' }, 'loaded'],
      [{ application: 'shop', environment: 'test' }, 'loaded'],
      [NAME, 'override'],
    ] as const) {
      shop.emulator.deploy({ ...names, profile: 'flags', content: FLAGS });
      const other = createProbe(() => useOutline('dark-mode').reason);
      const { unmount } = shop.renderApp(<other.Probe />, {
        ...names,
        overrides: browserOverrides({ cookie: true }),
      });
      await advance();
      expect([names, other.value]).toEqual([names, reason]);
      unmount();
    }
    const cookies = document.cookie;
    const value = { flags: { flags: { 'dark-mode': { enabled: false } } } };
    expect(await readOverridesCookie(cookies)).toEqual(value);
    expect(await readOverridesCookie(cookies, NAME)).toEqual(value);
    expect(await readOverridesCookie(cookies, { ...NAME, application: 'other' })).toEqual({});
    document.cookie = 'appconfig-overrides.shop.production=; Max-Age=0; Path=/';
  });

  it('of one store in two applications are apart', () => {
    const overrides = browserOverrides();
    const shop = overrides.adopt?.(NAME);
    const other = overrides.adopt?.({ ...NAME, application: 'other' });
    settable(shop).setFlag('dark', true);
    expect([shop?.getSnapshot(), other?.getSnapshot()]).toEqual([FLAG_ON, {}]);
    settable(other).setFlag('light', true);
    expect(shop?.getSnapshot()).toEqual(FLAG_ON);
    expect(overrides.adopt?.({ ...NAME, application: 'other' })).toBe(other);
  });

  it('that were kept for no application are taken over once, by the first one', () => {
    browserOverrides().setFlag('dark', true);
    const shop = use(browserOverrides());
    shop.adopt?.(NAME);
    expect(use(shop).getSnapshot()).toEqual(FLAG_ON);
    const other = use(browserOverrides());
    other.adopt?.({ ...NAME, application: 'other' });
    expect(other.getSnapshot()).toEqual({});
    const reloaded = browserOverrides();
    reloaded.adopt?.(NAME);
    expect(reloaded.getSnapshot()).toEqual(FLAG_ON);
  });

  it('come from the link in a frame that may access neither storage nor cookies', () => {
    open('?appconfig.dark=true');
    const refuse = () => {
      throw new DOMException('The document is sandboxed.', 'SecurityError');
    };
    Object.defineProperty(document, 'cookie', { configurable: true, get: refuse, set: refuse });
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(refuse);
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(refuse);
    const overrides = browserOverrides({ cookie: true, onError: () => undefined });
    expect(overrides.getServerSnapshot()).toEqual({});
    expect(use(overrides).getSnapshot()).toEqual(FLAG_ON);
    // A reload finds them there again.
    expect(window.location.search).toBe('?appconfig.dark=true');
    Reflect.deleteProperty(document, 'cookie');
    vi.restoreAllMocks();
  });

  it('that were kept with a signature stay when a forged link is opened, and keep their signature', async () => {
    inProduction();
    const text = JSON.stringify(FLAG_ON);
    const kept = JSON.stringify({ text, signature: 'right' });
    localStorage.setItem('appconfig-overrides', kept);
    const allowOverrides: AllowOverrides = async (_text, signature) => signature === 'right';
    open('?appconfig={"flags":{"flags":{"admin":{"enabled":true}}}}&appconfig-signature=forged');
    const overrides = use(browserOverrides({ allowOverrides, cookie: true }));
    await vi.waitFor(() => expect(overrides.getSnapshot()).toEqual(FLAG_ON));
    expect(localStorage.getItem('appconfig-overrides')).toBe(kept);
    expect(await readOverridesCookie(document.cookie, { allowOverrides })).toEqual(FLAG_ON);
  });

  it('reach the server in a cookie, and nothing else in it is read', async () => {
    const overrides = browserOverrides({ cookie: true });
    overrides.setFlag('dark', true);
    const header = `a=1; ${document.cookie}; b=2`;
    expect(await readOverridesCookie(header)).toEqual(FLAG_ON);
    for (const bad of [null, '', 'a=1', 'appconfig-overrides=%', 'appconfig-overrides=%7B%7D']) {
      expect(await readOverridesCookie(bad)).toEqual({});
    }
    expect(browserOverrides({ cookie: true }).getServerSnapshot()).toEqual(FLAG_ON);
    expect(browserOverrides().getServerSnapshot()).toEqual({});
    inProduction();
    expect(await readOverridesCookie(header)).toEqual({});
    expect(await readOverridesCookie(header, { allowOverrides: () => true })).toEqual(FLAG_ON);
    vi.unstubAllEnvs();
    overrides.clear();
    expect(document.cookie).toBe('');
  });
});

describe('without overrides', () => {
  it('a page reads no storage, no cookie and no URL', async () => {
    open('?appconfig.dark-mode=false');
    const { renderApp } = setup();
    const dark = createProbe(() => useOutline('dark-mode'));
    renderApp(<dark.Probe />);
    await advance();
    expect(dark.value).toMatchObject({ flag: { enabled: true }, reason: 'loaded' });
    expect(screen.getByText(/loaded/)).toBeTruthy();
  });
});
