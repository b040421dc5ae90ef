export {
  persistAppConfig,
  type ConfigurationStorage,
  type PersistAppConfigOptions,
  type PersistedAppConfig,
} from '../persistence/index.ts';
