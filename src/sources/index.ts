export {
  crossTabSource,
  type CrossTabSource,
  type CrossTabSourceOptions,
} from './crossTab/index.ts';
export { loggedSource, type Logger } from './logged/index.ts';
