export { appConfigDataSource, type AppConfigDataSourceOptions } from './appConfigDataSource.ts';
