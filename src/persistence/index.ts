export {
  persistAppConfig,
  type ConfigurationStorage,
  type PersistAppConfigOptions,
  type PersistedAppConfig,
} from './persistAppConfig.ts';
