import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, isFlag } from './checkFeatureFlags.ts';
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
   * Checks a document that overrides the service's, or throws.
   * @default checkFeatureFlags
   */
  readonly check?: (document: unknown) => UntypedFeatureFlags;
}

/** What is known of a profile's flags, and what an override has to do with it. */
export interface CombinedFlags extends KnownFlags {
  /** Whether the whole document is overridden. */
  readonly isDocumentOverridden: boolean;
  /** Why the document that overrides the service's is not used. */
  readonly overrideError: AppConfigError | undefined;
}

/**
 * Brings override, service and defaults into their order, for pages and servers alike. An override that is
 * not a feature-flag document leaves the flags of the service in use, as stale.
 */
export function toKnownFlags({
  service,
  versionLabel,
  override: { document, flags } = {},
  defaults,
  isStale,
  check = checkFeatureFlags,
}: FlagSources): CombinedFlags {
  let overrides = flags && pickFlags(flags);
  let loaded = service;
  let overrideError: AppConfigError | undefined;
  const isOverridden = document !== undefined;
  if (isOverridden) {
    try {
      // Each of its flags is an override.
      const checked = check(document);
      overrides = evaluateFlags({ overrides, loaded: checked, defaults: undefined, isStale });
      loaded = overrides;
    } catch (thrown) {
      overrideError = asAppConfigError(thrown, 'NotFeatureFlags', 'The override');
    }
  }
  const isDocumentOverridden = isOverridden && !overrideError;
  return {
    overrides,
    loaded,
    defaults,
    isStale: isStale || overrideError !== undefined,
    // A document that was overridden is of no version.
    versionLabel: isDocumentOverridden ? undefined : versionLabel,
    isDocumentOverridden,
    overrideError,
  };
}

/** A store of overrides may be anybody's: what is not a flag overrides none. */
function pickFlags(flags: UntypedFeatureFlags): UntypedFeatureFlags {
  return Object.fromEntries(Object.entries(flags).filter(([, flag]) => isFlag(flag)));
}
