export { appConfigDataSource, type AppConfigDataSourceOptions } from './appConfigDataSource.ts';
export type { ConfigurationSource } from '../../session/index.ts';
