export { AppConfigWebProvider, type AppConfigWebProviderOptions } from './appConfigWebProvider.ts';
