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
 * Overrides of this browser: kept in `localStorage`, the same in all tabs, and set by the address, as in
 * `?appconfig.dark-mode=true`. In production builds there are none, unless `allowOverrides` lets signed ones through.
 *
 * @example
 * const overrides = browserOverrides();
 * <AppConfigProvider overrides={overrides} …>
 */
export function browserOverrides({
  flags = 'flags',
  name = 'appconfig-overrides',
  allowOverrides,
  cookie = false,
  onError = warnInDevelopment,
}: BrowserOverridesOptions = {}): BrowserOverrides {
  const listeners = new Set<() => void>();
  const isBrowser = typeof window !== 'undefined';
  let current = NOTHING;

  const report = (thrown: unknown) =>
    onError(asAppConfigError(thrown, 'InvalidArgument', 'An override'));
  const publish = (next: OverriddenProfiles) => {
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    for (const listener of listeners) listener();
  };
  const keep = (signed: SignedOverrides | undefined) => {
    try {
      if (signed) localStorage.setItem(name, JSON.stringify(signed));
      else localStorage.removeItem(name);
      if (cookie) writeOverridesCookie(name, signed);
    } catch (thrown) {
      report(thrown);
    }
  };
  /** Whatever cannot be used is told, and no override. */
  const take = (signed: SignedOverrides, onTaken?: () => void) => {
    try {
      const read = readSigned(signed, allowOverrides);
      const apply = (next: OverriddenProfiles) => {
        publish(next);
        if (Object.keys(next).length > 0) onTaken?.();
      };
      if (read instanceof Promise) read.then(apply).catch(report);
      else apply(read);
    } catch (thrown) {
      report(thrown);
    }
  };
  const readKept = () => {
    try {
      const kept = localStorage.getItem(name);
      if (kept === null) publish(NOTHING);
      else take(parseSigned(kept));
    } catch (thrown) {
      report(thrown);
    }
  };
  const followTabs = ({ key }: StorageEvent) => {
    if (key === name || key === null) readKept();
  };

  if (isBrowser && (isDevelopment() || allowOverrides)) {
    const linked = readOverridesLink(location.search, flags);
    if (linked) take(linked, () => keep(linked));
    else readKept();
  }
  // What the server knew, if it was sent a cookie: the page's HTML was made of it.
  const initial = cookie ? current : NOTHING;

  const overrides = createOverrides(flags, {
    subscribe(listener) {
      if (listeners.size === 0 && isBrowser) window.addEventListener('storage', followTabs);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && isBrowser) window.removeEventListener('storage', followTabs);
      };
    },
    getSnapshot: () => current,
    getServerSnapshot: () => initial,
    replace(next) {
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
    createLink: (signature) => createOverridesLink(location.href, current, signature),
  };
}

function warnInDevelopment(error: AppConfigError): void {
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  if (isDevelopment()) console.warn(`react-appconfig: ${error.message}`);
}
