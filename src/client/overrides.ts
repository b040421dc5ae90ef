import { evaluateFlags, isRecord, type UntypedFeatureFlags } from '../flags/index.ts';
import type { Store } from './store.ts';

/** What overrides a profile's configuration. */
export interface ProfileOverride {
  /** A whole document. */
  readonly document?: unknown;
  /** Flags by name, over those of the document. */
  readonly flags?: UntypedFeatureFlags | undefined;
}

/** Overrides by profile. */
export type OverriddenProfiles = Readonly<Record<string, ProfileOverride>>;

/** Where a client reads its overrides: `browserOverrides()`, or a store of your own. */
export interface OverrideStore extends Store<OverriddenProfiles> {
  /** Told of the profile that flags are in, where none is named. */
  readonly adoptFlagsProfile?: ((profile: string) => void) | undefined;
}

/** A document with an override applied. */
export function overrideValue(
  known: unknown,
  { document = known, flags }: ProfileOverride,
): unknown {
  if (!flags || !isFlags(document)) return document;
  return evaluateFlags({ overrides: flags, loaded: document, defaults: undefined, isStale: false });
}

function isFlags(document: unknown): document is UntypedFeatureFlags {
  return isRecord(document);
}

/** The override of a profile. No name reaches a prototype. */
export function findOverride(
  overrides: OverriddenProfiles | undefined,
  profile: string,
): ProfileOverride | undefined {
  return overrides && Object.hasOwn(overrides, profile) ? overrides[profile] : undefined;
}
