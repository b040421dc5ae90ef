export {
  AppConfigTestProvider,
  type AppConfigTestProviderProps,
} from '../testing/AppConfigTestProvider.tsx';
export {
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
  type TestFlags,
} from '../testing/createTestAppConfig.ts';
export { flagMatrix, type FlagCase, type FlagValues } from '../testing/flagMatrix.ts';
export { rehearse, RehearsalError, type RehearsalOptions } from '../testing/rehearse.tsx';
