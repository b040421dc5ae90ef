export {
  appConfigDataSource,
  type AppConfigDataSource,
  type AppConfigDataSourceOptions,
} from './appConfigDataSource.ts';
