import type { OverriddenProfiles } from '../client/index.ts';
import { isDevelopment, type SignedOverrides } from './signedOverrides.ts';

const PARAMETER = 'appconfig';
const SIGNATURE = 'appconfig-signature';

/** The address with overrides in it, for somebody else to open. */
export function createOverridesLink(
  href: string,
  overrides: OverriddenProfiles,
  signature?: string,
): string {
  const url = new URL(href);
  for (const name of Array.from(url.searchParams.keys())) {
    if (name === SIGNATURE || name === PARAMETER || name.startsWith(`${PARAMETER}.`)) {
      url.searchParams.delete(name);
    }
  }
  url.searchParams.set(PARAMETER, JSON.stringify(overrides));
  if (signature !== undefined) url.searchParams.set(SIGNATURE, signature);
  return url.href;
}

/**
 * The overrides of an address: `?appconfig=` with all of them or, in development, `?appconfig.dark-mode=true` and
 * `?appconfig.new-checkout.maxItems=5` for flags of the profile.
 */
export function readOverridesLink(
  search: string,
  flagsProfile: string,
): SignedOverrides | undefined {
  const parameters = new URLSearchParams(search);
  const text = parameters.get(PARAMETER);
  const signature = parameters.get(SIGNATURE) ?? undefined;
  if (text !== null) return { text, signature };
  if (!isDevelopment()) return undefined;
  const flags = new Map<string, Record<string, unknown>>();
  for (const [name, value] of parameters) {
    const [parameter, flag, attribute] = name.split('.');
    if (parameter !== PARAMETER || !flag) continue;
    const parsed = parseValue(value);
    const before = flags.get(flag) ?? { enabled: true };
    if (attribute !== undefined) flags.set(flag, { ...before, [attribute]: parsed });
    else if (typeof parsed === 'object' && parsed !== null) flags.set(flag, { ...parsed });
    else flags.set(flag, { ...before, enabled: parsed });
  }
  if (flags.size === 0) return undefined;
  return { text: JSON.stringify({ [flagsProfile]: { flags: Object.fromEntries(flags) } }) };
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
