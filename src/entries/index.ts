export {
  AppConfigClient,
  appConfigQuery,
  appConfigQueryKey,
  type AppConfigClientOptions,
  type AppConfigListener,
  type AppConfigProfile,
  type AppConfigQueryOptions,
  type AppConfigResult,
  type AttributeName,
  type AttributeOf,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type CachedSnapshot,
  type ConfigurationResult,
  type DocumentState,
  type EnabledFlagOf,
  type FlagDetails,
  type FlagExposure,
  type FlagKey,
  type FlagOf,
  type FlagsChange,
  type FlagsOf,
  type FlagsProfileName,
  type GivenDocument,
  type OverrideOwner,
  type OverrideStore,
  type ProfileDocument,
  type ProfileFlags,
  type ProfileName,
  type Register,
  type Selection,
} from '../client/index.ts';
export type {
  Decoder,
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaResult,
} from '../configuration/index.ts';
export { AppConfigError, type AppConfigErrorCode } from '../errors/index.ts';
export {
  evaluateFlag,
  type AttributeValue,
  type DisabledFlag,
  type EnabledFlag,
  type FeatureFlags,
  type Flag,
  type FlagEvaluation,
  type FlagReason,
  type KnownFlags,
  type OverriddenProfiles,
  type ProfileOverride,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
export {
  AppConfigProvider,
  Feature,
  type AppConfigProviderProps,
  type FeatureProps,
} from '../react/index.ts';
// A new hook is one file and one line in its room.
export * from '../react/hooks/index.ts';
export type { EvaluationContext } from '../session/index.ts';
