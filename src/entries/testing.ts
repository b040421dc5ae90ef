export {
  AppConfigTestProvider,
  createTestAppConfig,
  flagMatrix,
  rehearse,
  RehearsalError,
  type AppConfigTestProviderProps,
  type FlagCase,
  type FlagValues,
  type RehearsalOptions,
  type TestAppConfig,
  type TestAppConfigOptions,
  type TestFlags,
} from '../testing/index.ts';
