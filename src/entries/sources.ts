export type {
  ConfigurationRequest,
  ConfigurationSource,
  LatestConfiguration,
} from '../session/index.ts';
export {
  crossTabSource,
  type CrossTabSource,
  type CrossTabSourceOptions,
} from '../sources/crossTab/index.ts';
export { loggedSource, type Logger } from '../sources/logged/index.ts';
export {
  memorySource,
  type MemorySource,
  type MemorySourceOptions,
} from '../sources/memory/index.ts';
