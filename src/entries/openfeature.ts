export { AppConfigWebProvider, type AppConfigWebProviderOptions } from '../openfeature/index.ts';
