import { InvalidArgumentError } from '../errors/index.ts';
import { checkFeatureFlags, type UntypedFlag } from '../flags/index.ts';
import type { FlagKey, ProfileName } from '../client/index.ts';
import type { ServerConfiguration } from './serverSnapshot.ts';

/**
 * What of a profile may leave the server: `'all'`, the keys of the flags that may, or a function that
 * decides about a flag.
 */
export type Allowance<Profile extends ProfileName = ProfileName> =
  'all' | readonly FlagKey<Profile>[] | ((flagKey: FlagKey<Profile>) => boolean);

/**
 * The profiles of which something may leave the server, and what of each. Nothing else does.
 *
 * @example { flags: { allow: ['dark-mode', 'new-checkout'] }, 'site-settings': { allow: 'all' } }
 */
export type AllowedProfiles = {
  readonly [Profile in ProfileName]?: { readonly allow: Allowance<Profile> };
};

/** The same, whatever an app's profiles and flags are called. */
export type AnyAllowance = 'all' | readonly string[] | ((flagKey: string) => boolean);

/** Bytes that may leave the server. */
export interface AllowedContent {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/**
 * What may leave the server, by profile.
 *
 * @throws InvalidArgumentError that names the profile and what is wrong with it.
 */
export function readAllowances(profiles: AllowedProfiles): ReadonlyMap<string, AnyAllowance> {
  return new Map(
    Object.entries<Partial<{ allow: unknown }> | undefined>(profiles).map(([profile, given]) => {
      const allowance = given?.allow;
      if (isAllowance(allowance)) return [profile, allowance];
      throw new InvalidArgumentError(
        `profiles["${profile}"] must say what may leave the server: { allow: ['dark-mode'] }, a function of the flag's key, or { allow: 'all' }.`,
        { profile },
      );
    }),
  );
}

function isAllowance(value: unknown): value is AnyAllowance {
  return value === 'all' || Array.isArray(value) || typeof value === 'function';
}

/** Whether a flag may leave the server. Whatever is not clearly a yes is a no. */
export function isAllowed(allowance: AnyAllowance, flagKey: string): boolean {
  if (typeof allowance === 'function') return allowance(flagKey) === true;
  return allowance === 'all' || allowance.includes(flagKey);
}

/**
 * The document of which nothing has to stay on the server.
 *
 * @throws ContentError `NotFeatureFlags` where flags are wanted of something else.
 */
export function pickAllowedValue(value: unknown, allowance: AnyAllowance): unknown {
  return allowance === 'all' ? value : Object.fromEntries(pickAllowedFlags(value, allowance));
}

/**
 * The part of a configuration that may leave the server, and that was asked for; undefined if a requested flag
 * may not leave the server, or does not exist.
 *
 * @throws ContentError `NotFeatureFlags` where flags are wanted of something else.
 */
export function pickAllowedContent(
  { bytes, contentType, value }: ServerConfiguration,
  allowance: AnyAllowance,
  flagKeys: readonly string[],
): AllowedContent | undefined {
  if (allowance === 'all' && flagKeys.length === 0) return { bytes, contentType };
  const flags = pickAllowedFlags(value, allowance);
  const [onlyKey = '', secondKey] = flagKeys;
  if (flagKeys.some((key) => !flags.has(key))) return undefined;
  const wanted =
    flagKeys.length === 0 ? [...flags] : flagKeys.map((key) => [key, flags.get(key)] as const);
  // As the Agent answers: one flag with its value alone, several with a map.
  const body =
    flagKeys.length > 0 && secondKey === undefined
      ? flags.get(onlyKey)
      : Object.fromEntries(wanted);
  return { bytes: new TextEncoder().encode(JSON.stringify(body)), contentType: 'application/json' };
}

function pickAllowedFlags(value: unknown, allowance: AnyAllowance): Map<string, UntypedFlag> {
  return new Map(
    Object.entries(checkFeatureFlags(value)).filter(([key]) => isAllowed(allowance, key)),
  );
}
