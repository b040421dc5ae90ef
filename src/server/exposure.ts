import { InvalidArgumentError } from '../errors/index.ts';
import { checkFeatureFlags, type UntypedFlag } from '../flags/index.ts';
import type { ServerConfiguration } from './serverProfile.ts';

/**
 * What of a profile may leave the server: `'all'`, the keys of the flags that may, or a function that
 * decides of a flag.
 */
export type Exposure = 'all' | readonly string[] | ((flagKey: string) => boolean);

/** The profiles of which something may leave the server, and what of each. Nothing else does. */
export type ExposedProfiles = Readonly<Record<string, { readonly expose: Exposure }>>;

/** Bytes that may leave the server. */
export interface ExposedContent {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/** @throws InvalidArgumentError that names the profile and what is wrong with it. */
export function assertExposedProfiles(profiles: ExposedProfiles): void {
  for (const [profile, exposed] of Object.entries<Partial<{ expose: unknown }>>(profiles)) {
    const exposure = exposed?.expose;
    if (exposure === 'all' || Array.isArray(exposure) || typeof exposure === 'function') continue;
    throw new InvalidArgumentError(
      `profiles["${profile}"] must say what may leave the server: { expose: ['dark-mode'] }, a function of the flag's key, or { expose: 'all' }.`,
      { profile },
    );
  }
}

/** Whether a flag may leave the server. Whatever is not clearly a yes is a no. */
export function isExposed(exposure: Exposure, flagKey: string): boolean {
  if (typeof exposure === 'function') return exposure(flagKey) === true;
  return exposure === 'all' || exposure.includes(flagKey);
}

/**
 * The document of which nothing has to stay on the server.
 *
 * @throws ContentError `NotFeatureFlags` where flags are wanted of something else.
 */
export function exposeValue(value: unknown, exposure: Exposure): unknown {
  return exposure === 'all' ? value : Object.fromEntries(exposedFlags(value, exposure));
}

/**
 * The part of a configuration that may leave the server, and that was asked for; undefined if a requested flag
 * may not leave the server, or does not exist.
 *
 * @throws ContentError `NotFeatureFlags` where flags are wanted of something else.
 */
export function exposeContent(
  { bytes, contentType, value }: ServerConfiguration,
  exposure: Exposure,
  flagKeys: readonly string[],
): ExposedContent | undefined {
  if (exposure === 'all' && flagKeys.length === 0) return { bytes, contentType };
  const flags = exposedFlags(value, exposure);
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

function exposedFlags(value: unknown, exposure: Exposure): Map<string, UntypedFlag> {
  return new Map(
    Object.entries(checkFeatureFlags(value)).filter(([key]) => isExposed(exposure, key)),
  );
}
