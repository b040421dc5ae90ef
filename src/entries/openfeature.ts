export {
  OpenFeatureAppConfigProvider,
  type OpenFeatureAppConfigProviderOptions,
} from '../openfeature/index.ts';
