/** The same as in any other bundle, without what only servers need. */
export { createAppConfigDataSource as appConfigDataSource } from '../index.ts';
