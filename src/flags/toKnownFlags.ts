import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, isFlag, isRecord } from './checkFeatureFlags.ts';
import { evaluateFlags, type KnownFlags } from './evaluateFlag.ts';
import type { UntypedFeatureFlags } from './featureFlags.ts';
import type { ProfileOverride } from './overrides.ts';

/** Where the flags of a profile come from. */
export interface FlagSources {
  /** The last good document of the service, and its version. */
  readonly service: UntypedFeatureFlags | undefined;
  readonly versionLabel: string | undefined;
  readonly override: ProfileOverride | undefined;
  readonly defaults: UntypedFeatureFlags | undefined;
  /** Whether there may be a newer document of the service. */
  readonly isStale: boolean;
  /**
   * Reads the override; for a page, once for each, so that what is equal stays the same object.
   * @default readOverride
   */
  readonly read?: (override: ProfileOverride) => ReadOverride;
}

/** What is known of a profile's flags, and what an override has to do with it. */
export interface CombinedFlags extends KnownFlags {
  /** Whether the whole document is overridden. */
  readonly isDocumentOverridden: boolean;
  /** Why the document that overrides the service's is not used. */
  readonly overrideError: AppConfigError | undefined;
}

/** What an override says. */
export interface ReadOverride {
  readonly overrides?: UntypedFeatureFlags | undefined;
  readonly document?: UntypedFeatureFlags | undefined;
  readonly error?: AppConfigError | undefined;
}

/**
 * Brings override, service and defaults into their order, for pages and servers alike. An override that is
 * not a feature-flag document leaves the flags of the service in use, as stale.
 */
export function toKnownFlags({
  service,
  versionLabel,
  override,
  defaults,
  isStale,
  read = readOverride,
}: FlagSources): CombinedFlags {
  const { overrides, document, error: overrideError } = isRecord(override) ? read(override) : {};
  const isDocumentOverridden = document !== undefined;
  return {
    overrides,
    loaded: document ?? service,
    defaults,
    isStale: isStale || overrideError !== undefined,
    // A document that was overridden is of no version.
    versionLabel: isDocumentOverridden ? undefined : versionLabel,
    isDocumentOverridden,
    overrideError,
  };
}

/** Reads an override anew: another object, and another error, each time. */
export function readOverride({ document, flags }: ProfileOverride): ReadOverride {
  const overrides = flags && pickFlags(flags);
  if (document === undefined) return { overrides };
  try {
    // Each of its flags is an override.
    const loaded = checkFeatureFlags(document);
    const all = evaluateFlags({ overrides, loaded, defaults: undefined, isStale: false });
    return { overrides: all, document: all };
  } catch (thrown) {
    const error = asAppConfigError(thrown, 'NotFeatureFlags', 'The override');
    return { overrides, error };
  }
}

/** A store of overrides may be anybody's: what is not a flag overrides none. */
function pickFlags(flags: UntypedFeatureFlags): UntypedFeatureFlags {
  return Object.fromEntries(Object.entries(flags).filter(([, flag]) => isFlag(flag)));
}
