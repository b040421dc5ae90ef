import type { OverrideOwner } from '../client/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import type { OverriddenProfiles } from '../flags/index.ts';
import { warn } from '../session/index.ts';
import { cleanAddress } from './cleanAddress.ts';
import { createOverrides, type Overrides, type OverridesOptions } from './overrides.ts';
import {
  cookieNameOf,
  DEFAULT_NAME,
  findOverridesCookie,
  writeOverridesCookie,
} from './overridesCookie.ts';
import { createOverridesLink, readOverridesLink } from './overridesLink.ts';
import {
  isDevelopment,
  isPromise,
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
   * What they are kept under, in `localStorage` and in the cookie, with the provider's application and
   * environment.
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
 * Overrides of this browser for one application and environment, those of the first provider that uses them:
 * kept in `localStorage` until they are cleared, the same in all tabs, and set by the address, as in
 * `?appconfig.dark-mode=true`; `?appconfig={}` clears them. In production builds there are none, unless
 * `allowOverrides` lets signed ones through. Make them once, outside of components.
 *
 * Reading writes nothing: what an address sets is kept, and taken out of the address, when a provider that
 * uses it is on the page.
 *
 * @example
 * const overrides = browserOverrides();
 * <AppConfigProvider overrides={overrides} …>
 */
export function browserOverrides(options: BrowserOverridesOptions = {}): BrowserOverrides {
  return createBrowserOverrides(options, undefined);
}

/** @param first whose they are, if that is known */
function createBrowserOverrides(
  options: BrowserOverridesOptions,
  first: OverrideOwner | undefined,
): BrowserOverrides {
  const { name = DEFAULT_NAME, allowOverrides, cookie = false } = options;
  const { onError = warnInDevelopment } = options;
  const listeners = new Set<() => void>();
  /** The stores of other applications that were given this one. */
  const others = new Map<string, BrowserOverrides>();
  let owner = first;
  let flagsProfile = options.flags ?? first?.flags ?? 'flags';
  let current = NOTHING;
  /** What the server knew, if it was sent a cookie: the page's HTML was made of it. */
  let initial = options.initial ?? NOTHING;
  /** What was read and is to be kept when somebody subscribes. */
  let owed: SignedOverrides | undefined;
  let owedCookie: SignedOverrides | undefined;
  /** Whether the address has set something that is in use. */
  let isLinked = false;
  let isLinkOver = false;
  /** Answers of `allowOverrides` to earlier calls are ignored. */
  let questions = 0;
  // React Native has a window that hears nothing. The storage is not looked at: in a sandboxed frame that throws.
  const isBrowser = typeof window === 'object' && typeof window.addEventListener === 'function';
  const isOn = isBrowser && (isDevelopment() || allowOverrides !== undefined);
  let isRead = !isOn;

  const slot = () => (owner ? `${name} ${slotOf(owner)}` : name);
  const reported = new Set<string>();
  const report = (thrown: unknown) => {
    const error = asAppConfigError(thrown, 'InvalidArgument', 'An override');
    if (reported.has(error.message)) return;
    reported.add(error.message);
    onError(error);
  };
  /** Returns whether it went well. */
  const attempt = (action: () => void): boolean => {
    try {
      action();
      return true;
    } catch (thrown) {
      report(thrown);
      return false;
    }
  };
  const publish = (next: OverriddenProfiles) => {
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    for (const listener of listeners) listener();
  };
  const writeCookie = (signed: SignedOverrides | undefined) => {
    if (cookie) attempt(() => writeOverridesCookie(cookieNameOf(name, owner), signed));
  };
  const keep = (signed: SignedOverrides | undefined) => {
    owed = undefined;
    const isKept = attempt(() => {
      if (signed) localStorage.setItem(slot(), JSON.stringify(signed));
      else localStorage.removeItem(slot());
      // Whoever had none so far has taken over what was kept for nobody in particular.
      if (owner) localStorage.removeItem(name);
      // The other stores of this page follow as those of other tabs do.
      window.dispatchEvent(new StorageEvent('storage', { key: slot() }));
    });
    writeCookie(signed);
    // Kept now: the address must not set it again after it was cleared. Where it cannot be kept, the address has it.
    if (!isKept || !isLinked) return;
    isLinked = false;
    setTimeout(() => attempt(cleanAddress));
  };
  /** What was read is kept once somebody uses it: reading alone writes nothing. */
  const owe = (signed: SignedOverrides, { isKept = false } = {}) => {
    if (isKept) owedCookie = signed;
    else owed = signed;
    if (listeners.size > 0) keepOwed();
  };
  const keepOwed = () => {
    if (owedCookie) writeCookie(owedCookie);
    owedCookie = undefined;
    if (owed) keep(owed.text === '{}' ? undefined : owed);
  };
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
      const own = localStorage.getItem(slot());
      const unowned = owner ? localStorage.getItem(name) : null;
      const kept = unowned ?? own;
      if (kept === null) {
        publish(NOTHING);
        return;
      }
      const signed =
        own !== null && unowned !== null
          ? merge(parseSigned(own), parseSigned(unowned))
          : parseSigned(kept);
      take(signed, (taken) => {
        publish(taken);
        // A cookie may be gone when the storage is not.
        if (unowned !== null || cookie) owe(signed, { isKept: unowned === null });
      });
    });
  const readLink = () =>
    attempt(() => {
      const linked = isLinkOver ? undefined : readOverridesLink(location.search, flagsProfile);
      if (!linked) return;
      const { isAddition, ...signed } = linked;
      const onTaken = (taken: OverriddenProfiles) => {
        const next = isAddition ? addTo(current, taken) : taken;
        publish(next);
        isLinked = true;
        const isCleared = Object.keys(next).length === 0;
        owe({ ...signed, text: isAddition || isCleared ? JSON.stringify(next) : signed.text });
      };
      take(signed, onTaken, readKept);
    });
  /** At the first question, when the provider has said whose they are. */
  const readOnce = () => {
    if (isRead) return;
    isRead = true;
    if (cookie) {
      attempt(() => {
        initial = options.initial ?? readOwnCookie(cookieNameOf(name, owner));
      });
    }
    readKept();
    readLink();
  };
  const followTabs = ({ key }: StorageEvent) => {
    if (key === slot() || key === name || key === null) readKept();
  };

  const overrides: BrowserOverrides = {
    ...createOverrides(() => flagsProfile, {
      adopt(given) {
        if (owner && slotOf(given) !== slotOf(owner)) {
          const other = others.get(slotOf(given)) ?? createBrowserOverrides(options, given);
          others.set(slotOf(given), other);
          return other;
        }
        flagsProfile = options.flags ?? given.flags ?? flagsProfile;
        if (!owner) isRead = !isOn;
        owner ??= given;
        return overrides;
      },
      subscribe(listener) {
        readOnce();
        if (listeners.size === 0 && isBrowser) {
          window.addEventListener('storage', followTabs);
          if (isDevelopment()) sayWhatIsSet(current);
        }
        listeners.add(listener);
        keepOwed();
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
        isLinkOver = true;
        const isCleared = Object.keys(next).length === 0;
        if (!isDevelopment() && !isCleared) {
          throw new InvalidArgumentError(
            'Overrides are off in production builds. Open a signed link, and give browserOverrides allowOverrides.',
          );
        }
        publish(next);
        if (isBrowser) keep(isCleared ? undefined : { text: JSON.stringify(next) });
      },
    }),
    createLink: (signature) =>
      createOverridesLink(location.href, overrides.getSnapshot(), signature),
  };
  return overrides;
}

function slotOf({ application, environment }: OverrideOwner): string {
  return JSON.stringify([application, environment]);
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

/** What was kept for nobody in particular comes beside what is kept for an application; a signature is for one text. */
function merge(own: SignedOverrides, unowned: SignedOverrides): SignedOverrides {
  if (own.signature !== undefined || unowned.signature !== undefined) return unowned;
  return { text: JSON.stringify(addTo(parseOverrides(own.text), parseOverrides(unowned.text))) };
}

/** Single flags of an address leave alone what else is set. */
function addTo(before: OverriddenProfiles, added: OverriddenProfiles): OverriddenProfiles {
  const merged = new Map(Object.entries(before));
  for (const [profile, { flags, ...rest }] of Object.entries(added)) {
    const own = merged.get(profile);
    merged.set(profile, { ...own, ...rest, ...(flags && { flags: { ...own?.flags, ...flags } }) });
  }
  return Object.fromEntries(merged);
}

/** A reminder, because overrides stay long after the address was used. */
function sayWhatIsSet(overrides: OverriddenProfiles): void {
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
  if (isDevelopment()) warn(error.message);
}
