export { AppConfigClient, type AppConfigClientOptions } from './appConfigClient.ts';
export { appConfigQuery, type AppConfigQueryOptions } from './appConfigQuery.ts';
export { createResultStore, type AppConfigResult } from './appConfigResult.ts';
export type { ConfigurationResult } from './configurationView.ts';
export { flagDetailsStoreOf, type FlagDetails, type FlagReason } from './flagDetails.ts';
export {
  allFlagsStoreOf,
  attributeStoreOf,
  flagEnabledStoreOf,
  flagPendingStoreOf,
  flagsOf,
  flagStoreOf,
} from './flagStores.ts';
export { valueOrDefault } from './flagValue.ts';
export { pollStatusOf, type PollStatus } from './pollStatus.ts';
export { schemaViewOf } from './schemaView.ts';
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
