export {
  AppConfigError,
  ContentError,
  InvalidAnswerError,
  InvalidArgumentError,
  RequestError,
  SessionDisposedError,
  type AppConfigErrorCode,
  type AppConfigOperation,
  type RequestErrorCode,
  type RequestErrorOptions,
} from '../errors/index.ts';
export { systemClock, type Clock } from './clock.ts';
export { ConfigurationSession } from './configurationSession.ts';
export type {
  ConfigurationContent,
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
} from './configurationSnapshot.ts';
export type {
  ConfigurationIdentifiers,
  ConfigurationSource,
  LatestConfiguration,
  StartConfigurationSessionInput,
} from './configurationSource.ts';
export { checkStartInput } from './identifiers.ts';
