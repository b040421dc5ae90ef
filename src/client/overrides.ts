import { evaluateFlags, isRecord, type UntypedFeatureFlags } from '../flags/index.ts';
import type { Store } from './store.ts';

/** What was set by hand in the place of a profile's configuration. */
export interface ProfileOverride {
  /** A whole document. */
  readonly document?: unknown;
  /** Flags by name, over those of the document. */
  readonly flags?: UntypedFeatureFlags | undefined;
}

/** What was set by hand, by profile. */
export type OverriddenProfiles = Readonly<Record<string, ProfileOverride>>;

/** Where a client learns what was set by hand: `browserOverrides()`, or a store of your own. */
export interface OverrideStore extends Store<OverriddenProfiles> {
  /** Told of the profile that flags are in, where none is named. */
  readonly adoptFlagsProfile?: ((profile: string) => void) | undefined;
}

/** A document with what was set by hand over it. */
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

/** What was set by hand for a profile. No name reaches a prototype. */
export function findOverride(
  overrides: OverriddenProfiles | undefined,
  profile: string,
): ProfileOverride | undefined {
  return overrides && Object.hasOwn(overrides, profile) ? overrides[profile] : undefined;
}
