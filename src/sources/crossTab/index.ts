export {
  crossTabSource,
  type CrossTabSource,
  type CrossTabSourceOptions,
} from './crossTabSource.ts';
