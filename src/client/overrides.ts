import { isSameStructure } from '../configuration/index.ts';
import { evaluateFlags, isRecord, type UntypedFeatureFlags } from '../flags/index.ts';
import type { CachedSnapshot, ProfileState } from './profileState.ts';
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

/** Applies overrides to what is known; returns the same objects for the same input. */
export function createOverlay() {
  let last: { readonly known: ProfileState; readonly state: ProfileState } | undefined;
  let merged:
    | { readonly from: CachedSnapshot | undefined; readonly to: CachedSnapshot | undefined }
    | undefined;

  return (known: ProfileState, override: ProfileOverride | undefined): ProfileState => {
    if (!override) return known;
    // Overrides that are made anew in each render may still be equal.
    const isSameOverride = isSameStructure(last?.state.override, override);
    if (isSameOverride && last?.known === known) return last.state;
    // A poll that brings nothing new must not bring another document either.
    if (!isSameOverride || !merged || merged.from !== known.snapshot) {
      merged = { from: known.snapshot, to: mergeOver(known.snapshot, override) };
    }
    const same = isSameOverride ? last?.state.override : override;
    last = {
      known,
      state: { ...known, snapshot: merged.to, override: same, service: known.snapshot },
    };
    return last.state;
  };
}

function mergeOver(
  snapshot: CachedSnapshot | undefined,
  override: ProfileOverride,
): CachedSnapshot | undefined {
  const value = overrideValue(snapshot?.value, override);
  if (value === undefined) return undefined;
  return { versionLabel: undefined, contentType: undefined, ...snapshot, value };
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
