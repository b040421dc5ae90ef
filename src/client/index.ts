export { AppConfigClient } from './appConfigClient.ts';
export type { AppConfigClientOptions, AppConfigListener } from './appConfigClientOptions.ts';
export { appConfigQuery, type AppConfigQueryOptions } from './appConfigQuery.ts';
export { appConfigQueryKey } from './appConfigQueryKey.ts';
export {
  createResultStore,
  createWaitingStore,
  type AppConfigResult,
  type ConfigurationResult,
} from './appConfigResult.ts';
export { attributeStoreOf, toSameDefault } from './attributeStores.ts';
export { documentStoreOf } from './documentStore.ts';
export { readFlagDefaults } from './flagDefaults.ts';
export {
  allFlagsStoreOf,
  featureStoreOf,
  flagDetailsStoreOf,
  flagEnabledStoreOf,
  flagStoreOf,
} from './flagStores.ts';
export type { FlagDetails } from './flagAnswers.ts';
export type { FlagExposure } from './exposures.ts';
export { compareFlags, type FlagsChange } from './flagChanges.ts';
export { perName, perObject } from './memoize.ts';
export {
  findOverride,
  overrideValue,
  type OverriddenProfiles,
  type OverrideStore,
  type ProfileOverride,
} from './overrides.ts';
export { pollStatusOf, type PollStatus } from './pollStatus.ts';
export type {
  AttributeName,
  AttributeOf,
  EnabledFlagOf,
  FlagKey,
  FlagOf,
  FlagsOf,
  FlagsProfileName,
  ProfileDocument,
  ProfileName,
  Register,
} from './register.ts';
export type { Store } from './store.ts';
export { findOrCreateClient, takeClient } from './waitingClients.ts';
