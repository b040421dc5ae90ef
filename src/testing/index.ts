export {
  AppConfigTestProvider,
  type AppConfigTestProviderProps,
} from './AppConfigTestProvider.tsx';
export {
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
  type TestFlags,
} from './createTestAppConfig.ts';
export { flagMatrix, type FlagCase, type FlagValues } from './flagMatrix.ts';
export { rehearse, RehearsalError, type RehearsalOptions } from './rehearse.tsx';
