export {
  appConfigDataSource,
  type AppConfigDataSource,
  type AppConfigDataSourceOptions,
} from '../sources/appconfigdata/index.ts';
