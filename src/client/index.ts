export { AppConfigClient, createClientOfRender } from './appConfigClient.ts';
export type { AppConfigClientOptions, AppConfigListener } from './appConfigClientOptions.ts';
export type { AppConfigProfile, ReadableProfile } from './appConfigProfile.ts';
export { appConfigQuery, type AppConfigQueryOptions } from './appConfigQuery.ts';
export { appConfigQueryKey } from './appConfigQueryKey.ts';
export {
  createResult,
  type AppConfigResult,
  type ConfigurationResult,
} from './configurationResult.ts';
export { defaultQueryClientOf } from './defaultQueryClient.ts';
export { documentOf, type DocumentState } from './documents.ts';
export type { FlagExposure } from './flagExposure.ts';
export { compareFlags, type FlagsChange } from './flagChanges.ts';
export { readFlagDefaults } from './flagDefaults.ts';
export { askFlag, readFlag, readFlags, type FlagDetails } from './flagQuestions.ts';
export { perName, perObject } from './memoize.ts';
export type { OverrideOwner, OverrideStore } from './overrideStore.ts';
export type { PolledView, ProfileFlags } from './profileView.ts';
export { isSnapshot, keepIfSame, type CachedSnapshot } from './profileState.ts';
export type {
  AttributeName,
  AttributeOf,
  DefaultFlagsProfileName,
  DeprecatedFlagKey,
  EnabledFlagOf,
  FlagKey,
  FlagOf,
  FlagsOf,
  FlagsProfileName,
  GivenDocument,
  ProfileDocument,
  ProfileName,
  Register,
} from './register.ts';
export { onceForEach } from './registry.ts';
export type { Selection } from './selection.ts';
export type { Store } from './store.ts';
