export { appConfigDataSource } from '../sources/appconfigdata/browser/index.ts';
