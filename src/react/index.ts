export { AppConfigContext, useClientFor, useStore } from './appConfigContext.ts';
export { AppConfigProvider, type AppConfigProviderProps } from './AppConfigProvider.tsx';
export { Feature, type FeatureProps } from './Feature.tsx';
