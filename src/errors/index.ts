export {
  AppConfigError,
  asAppConfigError,
  type AppConfigErrorCode,
  type AppConfigErrorOptions,
  type AppConfigOperation,
  type ContentErrorCode,
  type RequestErrorCode,
} from './appConfigError.ts';
export { ContentError, SchemaError, type SchemaIssue } from './contentErrors.ts';
export {
  InvalidAnswerError,
  RequestError,
  SessionDisposedError,
  type RequestErrorOptions,
} from './requestErrors.ts';
export { readRetryAfter } from './retryAfter.ts';
export { InvalidArgumentError, MissingProviderError, TypeMismatchError } from './usageErrors.ts';
