import type { OverriddenProfiles } from '../client/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { createOverrides, type Overrides, type OverridesOptions } from './overrides.ts';
import { writeOverridesCookie } from './overridesCookie.ts';
import { createOverridesLink, readOverridesLink } from './overridesLink.ts';
import {
  isDevelopment,
  parseSigned,
  readSigned,
  type AllowOverrides,
  type SignedOverrides,
} from './signedOverrides.ts';

const NOTHING: OverriddenProfiles = {};

/** What may be set for {@link browserOverrides}. */
export interface BrowserOverridesOptions extends Omit<OverridesOptions, 'initial'> {
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
   * An address that sets what is set now for whoever opens it, in production with the signature of it.
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
  let initial = NOTHING;
  let isRead = typeof window === 'undefined' || !(isDevelopment() || allowOverrides);

  const report = (thrown: unknown) =>
    onError(asAppConfigError(thrown, 'InvalidArgument', 'An override'));
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
    });
  /** Calls back with those that count; whatever cannot be used is told, and no override. */
  const take = (signed: SignedOverrides, onTaken: (overrides: OverriddenProfiles) => void) =>
    attempt(() => {
      const read = readSigned(signed, allowOverrides);
      if (read instanceof Promise) read.then((taken) => taken && onTaken(taken)).catch(report);
      else if (read) onTaken(read);
    });
  const readKept = () =>
    attempt(() => {
      const kept = localStorage.getItem(name);
      if (kept === null) publish(NOTHING);
      else take(parseSigned(kept), publish);
    });
  const readLink = () =>
    attempt(() => {
      const linked = readOverridesLink(location.search, flagsProfile);
      if (!linked) return;
      const { isAddition, ...signed } = linked;
      take(signed, (taken) => {
        const next = isAddition ? addTo(current, taken) : taken;
        const isCleared = Object.keys(next).length === 0;
        const text = isAddition ? JSON.stringify(next) : signed.text;
        keep(isCleared ? undefined : { ...signed, text });
        publish(next);
      });
    });
  /** At the first question, when the provider has said which profile its flags are in. */
  const readOnce = () => {
    if (isRead) return;
    isRead = true;
    readKept();
    readLink();
    if (cookie) initial = current;
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
      if (listeners.size === 0 && typeof window !== 'undefined') {
        window.addEventListener('storage', followTabs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && typeof window !== 'undefined') {
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
    replace(next) {
      readOnce();
      const isCleared = Object.keys(next).length === 0;
      if (!isDevelopment() && !isCleared) {
        throw new InvalidArgumentError(
          'Overrides are off in production builds. Open a signed link, and give browserOverrides allowOverrides.',
        );
      }
      keep(isCleared ? undefined : { text: JSON.stringify(next) });
      publish(next);
    },
  });
  return {
    ...overrides,
    createLink: (signature) =>
      createOverridesLink(location.href, overrides.getSnapshot(), signature),
  };
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

/** They stay when the address has long been forgotten. */
function tellWhatIsSet(overrides: OverriddenProfiles): void {
  const names = Object.entries(overrides).flatMap(([profile, { document, flags = {} }]) =>
    (document === undefined ? [] : [profile]).concat(Object.keys(flags)),
  );
  if (names.length === 0) return;
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  console.info(
    `react-appconfig: set by hand in this browser: ${names.join(', ')}. ?appconfig={} or overrides.clear() takes it back.`,
  );
}

function warnInDevelopment(error: AppConfigError): void {
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  if (isDevelopment()) console.warn(`react-appconfig: ${error.message}`);
}
