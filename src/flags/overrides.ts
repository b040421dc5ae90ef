import { isRecord } from './checkFeatureFlags.ts';
import { evaluateFlags } from './evaluateFlag.ts';
import type { UntypedFeatureFlags } from './featureFlags.ts';

/** What overrides a profile's configuration. */
export interface ProfileOverride {
  /** A whole document. */
  readonly document?: unknown;
  /** Flags by name, over those of the document. */
  readonly flags?: UntypedFeatureFlags | undefined;
}

/** Overrides by profile. */
export type OverriddenProfiles = Readonly<Record<string, ProfileOverride>>;

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
