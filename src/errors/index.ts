export {
  AppConfigError,
  asAppConfigError,
  type AppConfigErrorCode,
  type AppConfigErrorOptions,
} from './appConfigError.ts';
export {
  ContentError,
  SchemaError,
  type ContentErrorCode,
  type SchemaIssue,
} from './contentErrors.ts';
export {
  InvalidAnswerError,
  RequestError,
  SessionDisposedError,
  type AppConfigOperation,
  type RequestErrorCode,
  type RequestErrorOptions,
} from './requestErrors.ts';
export { InvalidArgumentError, MissingProviderError, TypeMismatchError } from './usageErrors.ts';
