export { AppConfigClient, type AppConfigClientOptions } from './appConfigClient.ts';
export { appConfigQuery, type AppConfigQueryOptions } from './appConfigQuery.ts';
export { createResultStore, type AppConfigResult } from './appConfigResult.ts';
export type { ConfigurationResult } from './configurationView.ts';
export type { FlagDetails, FlagReason } from './flagStores.ts';
export type { PollStatus } from './profileObserver.ts';
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
