import type { OverriddenProfiles } from '../flags/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import { isDevelopment, type SignedOverrides } from './signedOverrides.ts';

const PARAMETER = 'appconfig';
const SIGNATURE = 'appconfig-signature';

/** The address with overrides in it, for somebody else to open. */
export function createOverridesLink(
  href: string,
  overrides: OverriddenProfiles,
  signature?: string,
): string {
  const url = withoutOverrides(href);
  url.searchParams.set(PARAMETER, JSON.stringify(overrides));
  if (signature !== undefined) url.searchParams.set(SIGNATURE, signature);
  return url.href;
}

/** The address without overrides. */
export function withoutOverrides(href: string): URL {
  const url = new URL(href);
  // Written anew, the other parameters might be spelled in another way.
  if (!url.search.includes(PARAMETER)) return url;
  for (const name of Array.from(url.searchParams.keys())) {
    if (name === SIGNATURE || name === PARAMETER || name.startsWith(`${PARAMETER}.`)) {
      url.searchParams.delete(name);
    }
  }
  return url;
}

/** The same for a path as a router keeps it, such as `/post/[id]?page=2#top`; anything else stays as it is. */
export function withoutOverridesInPath(path: unknown): unknown {
  if (typeof path !== 'string') return path;
  const [, start = '', search = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(path) ?? [];
  return start + withoutOverrides(`http://path/${search}`).search + hash;
}

/** The overrides of an address, and whether they come beside those that are kept. */
export interface LinkedOverrides extends SignedOverrides {
  readonly isAddition: boolean;
}

/**
 * The overrides of an address: `?appconfig=` with all of them or, in development, `?appconfig.dark-mode=true` and
 * `?appconfig.new-checkout.maxItems=5` for single flags.
 *
 * @throws InvalidArgumentError for a value that no flag can have.
 */
export function readOverridesLink(
  search: string,
  flagsProfile: string,
): LinkedOverrides | undefined {
  const parameters = new URLSearchParams(search);
  const text = parameters.get(PARAMETER);
  const signature = parameters.get(SIGNATURE) ?? undefined;
  if (text !== null) return { text, signature, isAddition: false };
  if (!isDevelopment()) return undefined;
  const flags = new Map<string, object>();
  for (const [name, value] of parameters) {
    const [parameter, flag, attribute] = name.split('.');
    if (parameter !== PARAMETER || !flag) continue;
    const before = flags.get(flag) ?? { enabled: true };
    const parsed = parseValue(value);
    if (attribute !== undefined) flags.set(flag, { ...before, [attribute]: parsed });
    else flags.set(flag, toFlag(name, value, parsed, before));
  }
  if (flags.size === 0) return undefined;
  const profiles = { [flagsProfile]: { flags: Object.fromEntries(flags) } };
  return { text: JSON.stringify(profiles), isAddition: true };
}

function toFlag(name: string, text: string, parsed: unknown, before: object): object {
  if (typeof parsed === 'boolean') return { ...before, enabled: parsed };
  if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  throw new InvalidArgumentError(
    `?${name}=${text} sets no flag: write true, false, or the flag as JSON, such as {"enabled":true,"maxItems":5}.`,
  );
}

function parseValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // A text without quotes, as people write it in an address.
    return text;
  }
}
