export type { ConfigurationSource } from '../session/index.ts';
export {
  appConfigDataSource,
  type AppConfigDataSourceOptions,
} from '../sources/appconfigdata/index.ts';
