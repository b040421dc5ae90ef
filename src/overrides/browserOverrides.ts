import type { OverriddenProfiles } from '../flags/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { createOverrides, type Overrides, type OverridesOptions } from './overrides.ts';
import { findOverridesCookie, writeOverridesCookie } from './overridesCookie.ts';
import { createOverridesLink, readOverridesLink, withoutOverrides } from './overridesLink.ts';
import {
  isDevelopment,
  parseOverrides,
  parseSigned,
  readSigned,
  type AllowOverrides,
  type SignedOverrides,
} from './signedOverrides.ts';

const NOTHING: OverriddenProfiles = {};

/** What may be set for {@link browserOverrides}. */
export interface BrowserOverridesOptions extends OverridesOptions {
  /**
   * Where they are kept, in `localStorage`, and the cookie's name.
   * @default 'appconfig-overrides'
   */
  name?: string | undefined;
  /** Lets signed overrides count in production builds. Without it there are none in production. */
  allowOverrides?: AllowOverrides | undefined;
  /**
   * Sends them to the server as a cookie, too, where `readOverridesCookie` reads it: server and page show the same.
   * @default false
   */
  cookie?: boolean | undefined;
  /** Called with what cannot be read or kept. @default a warning in development, nothing in production */
  onError?: ((error: AppConfigError) => void) | undefined;
}

/** Overrides of this browser. */
export interface BrowserOverrides extends Overrides {
  /**
   * An address that sets the current overrides for whoever opens it; production needs their signature.
   *
   * @param signature of `JSON.stringify(overrides.getSnapshot())`
   */
  createLink(signature?: string): string;
}

/**
 * Overrides of this browser: kept in `localStorage` until they are cleared, the same in all tabs, and set by the
 * address, as in `?appconfig.dark-mode=true`; `?appconfig={}` clears them. In production builds there are none, unless
 * `allowOverrides` lets signed ones through. Make them once, outside of components.
 *
 * @example
 * const overrides = browserOverrides();
 * <AppConfigProvider overrides={overrides} …>
 */
export function browserOverrides(options: BrowserOverridesOptions = {}): BrowserOverrides {
  const { name = 'appconfig-overrides', allowOverrides, cookie = false } = options;
  const { onError = warnInDevelopment } = options;
  const listeners = new Set<() => void>();
  let flagsProfile = options.flags ?? 'flags';
  let current = NOTHING;
  /** What the server knew, if it was sent a cookie: the page's HTML was made of it. */
  let initial = options.initial ?? NOTHING;
  /** Answers of `allowOverrides` to earlier calls are ignored. */
  let questions = 0;
  // React Native has a window that hears nothing. The storage is not looked at: in a sandboxed frame that throws.
  const isBrowser = typeof window === 'object' && typeof window.addEventListener === 'function';
  let isRead = !isBrowser || !(isDevelopment() || allowOverrides);

  const reported = new Set<string>();
  const report = (thrown: unknown) => {
    const error = asAppConfigError(thrown, 'InvalidArgument', 'An override');
    if (reported.has(error.message)) return;
    reported.add(error.message);
    onError(error);
  };
  const attempt = (action: () => void) => {
    try {
      action();
    } catch (thrown) {
      report(thrown);
    }
  };
  const publish = (next: OverriddenProfiles) => {
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    for (const listener of listeners) listener();
  };
  const keep = (signed: SignedOverrides | undefined) =>
    attempt(() => {
      if (signed) localStorage.setItem(name, JSON.stringify(signed));
      else localStorage.removeItem(name);
      if (cookie) writeOverridesCookie(name, signed);
      // The other stores of this page follow as those of other tabs do.
      window.dispatchEvent(new StorageEvent('storage', { key: name }));
    });
  /** Calls back with overrides that count; reports what cannot be used. */
  const take = (
    signed: SignedOverrides,
    onTaken: (overrides: OverriddenProfiles) => void,
    onRefused = () => {},
  ) =>
    attempt(() => {
      questions += 1;
      const question = questions;
      const read = readSigned(signed, allowOverrides, isDevelopment());
      const onRead = (taken: OverriddenProfiles | undefined) => {
        if (question !== questions) return;
        if (taken) onTaken(taken);
        else onRefused();
      };
      if (isPromise(read)) read.then(onRead).catch(report);
      else onRead(read);
    });
  const readKept = () =>
    attempt(() => {
      const kept = localStorage.getItem(name);
      if (kept === null) {
        publish(NOTHING);
        return;
      }
      const signed = parseSigned(kept);
      take(signed, (taken) => {
        publish(taken);
        // A cookie may be gone when the storage is not.
        if (cookie) attempt(() => writeOverridesCookie(name, signed));
      });
    });
  const readLink = () =>
    attempt(() => {
      const linked = readOverridesLink(location.search, flagsProfile);
      if (!linked) return;
      const { isAddition, ...signed } = linked;
      const onTaken = (taken: OverriddenProfiles) => {
        const next = isAddition ? addTo(current, taken) : taken;
        const isCleared = Object.keys(next).length === 0;
        const text = isAddition ? JSON.stringify(next) : signed.text;
        publish(next);
        keep(isCleared ? undefined : { ...signed, text });
        // Stored now: the address must not set it again after it was cleared.
        history.replaceState(history.state, '', withoutOverrides(location.href));
      };
      take(signed, onTaken, readKept);
    });
  /** At the first question, when the provider has said which profile its flags are in. */
  const readOnce = () => {
    if (isRead) return;
    isRead = true;
    if (cookie) initial = options.initial ?? readOwnCookie(name);
    readKept();
    readLink();
    if (isDevelopment()) tellWhatIsSet(current);
  };
  const followTabs = ({ key }: StorageEvent) => {
    if (key === name || key === null) readKept();
  };

  const overrides = createOverrides(() => flagsProfile, {
    adoptFlagsProfile(profile) {
      flagsProfile = options.flags ?? profile;
    },
    subscribe(listener) {
      readOnce();
      if (listeners.size === 0 && isBrowser) window.addEventListener('storage', followTabs);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && isBrowser) {
          window.removeEventListener('storage', followTabs);
        }
      };
    },
    getSnapshot() {
      readOnce();
      return current;
    },
    getServerSnapshot() {
      readOnce();
      return initial;
    },
    refresh() {
      readOnce();
      if (isBrowser && isDevelopment()) readKept();
    },
    replace(next) {
      questions += 1;
      const isCleared = Object.keys(next).length === 0;
      if (!isDevelopment() && !isCleared) {
        throw new InvalidArgumentError(
          'Overrides are off in production builds. Open a signed link, and give browserOverrides allowOverrides.',
        );
      }
      publish(next);
      if (isBrowser) keep(isCleared ? undefined : { text: JSON.stringify(next) });
    },
  });
  return {
    ...overrides,
    createLink: (signature) =>
      createOverridesLink(location.href, overrides.getSnapshot(), signature),
  };
}

/** What the server was sent, if that is known at once: in development. */
function readOwnCookie(name: string): OverriddenProfiles {
  const cookie = findOverridesCookie(document.cookie, name);
  if (cookie === undefined || !isDevelopment()) return NOTHING;
  try {
    return parseOverrides(parseSigned(decodeURIComponent(cookie)).text);
  } catch {
    // Nor could the server read it.
    return NOTHING;
  }
}

/** Not instanceof: it may come from another realm. */
function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof Reflect.get(Object(value), 'then') === 'function';
}

/** Single flags of an address leave alone what else is set. */
function addTo(before: OverriddenProfiles, added: OverriddenProfiles): OverriddenProfiles {
  const merged = new Map(Object.entries(before));
  for (const [profile, { flags }] of Object.entries(added)) {
    const own = merged.get(profile);
    merged.set(profile, { ...own, flags: { ...own?.flags, ...flags } });
  }
  return Object.fromEntries(merged);
}

/** A reminder, because overrides stay long after the address was used. */
function tellWhatIsSet(overrides: OverriddenProfiles): void {
  const names = Object.entries(overrides).flatMap(([profile, { document, flags = {} }]) =>
    (document === undefined ? [] : [profile]).concat(Object.keys(flags)),
  );
  if (names.length === 0) return;
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  console.info(
    `react-appconfig: overridden in this browser: ${names.join(', ')}. ?appconfig={} or overrides.clear() takes it back.`,
  );
}

function warnInDevelopment(error: AppConfigError): void {
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  if (isDevelopment()) console.warn(`react-appconfig: ${error.message}`);
}
