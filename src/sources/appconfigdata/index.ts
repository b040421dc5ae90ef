export { appConfigDataSource } from './appConfigDataSource.ts';
export {
  createAppConfigDataSource,
  type AppConfigDataSource,
  type AppConfigDataSourceOptions,
} from './createAppConfigDataSource.ts';
