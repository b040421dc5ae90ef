export {
  OpenFeatureAppConfigProvider,
  type OpenFeatureAppConfigProviderOptions,
} from './openFeatureAppConfigProvider.ts';
