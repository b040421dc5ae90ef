import {
  AppConfigError,
  type AppConfigErrorOptions,
  type AppConfigOperation,
  type RequestErrorCode,
} from './appConfigError.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** How a {@link RequestError} describes the call that failed. */
export interface RequestErrorOptions extends AppConfigErrorOptions {
  operation: AppConfigOperation;
  /** The `Retry-After` of the answer, in seconds. */
  retryAfterInSeconds?: number | undefined;
  /**
   * Whether a request may have left: false when it could not even be made, as without credentials.
   * @default true
   */
  wasSent?: boolean | undefined;
}

/**
 * A call to the source failed. A source throws it to tell the session what to do next: a refusal
 * of a token makes it begin a new session at once, every other failure makes it back off first, soon
 * and then ever more slowly.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_GetLatestConfiguration.html#API_appconfigdata_GetLatestConfiguration_Errors
 */
export class RequestError extends AppConfigError<RequestErrorCode> {
  override name = 'RequestError';
  readonly operation: AppConfigOperation;
  /** How long the service asked to be left alone, in seconds. */
  readonly retryAfterInSeconds: number | undefined;
  /** Whether a request may have left: false when it could not even be made. */
  readonly wasSent: boolean;

  constructor(code: RequestErrorCode, message: string | false, options: RequestErrorOptions) {
    super(code, message, options);
    this.operation = options.operation;
    this.retryAfterInSeconds = options.retryAfterInSeconds;
    this.wasSent = options.wasSent ?? true;
  }
}

/** Something answered that is not AWS AppConfig: no next token, or no possible interval. */
export class InvalidAnswerError extends AppConfigError<'InvalidAnswer'> {
  override name = 'InvalidAnswerError';

  constructor(message: string | false, options?: AppConfigErrorOptions) {
    super('InvalidAnswer', message, options);
  }
}

/** The session was disposed of while something waited for it. */
export class SessionDisposedError extends AppConfigError<'SessionDisposed'> {
  override name = 'SessionDisposedError';

  constructor(options?: AppConfigErrorOptions) {
    super(
      'SessionDisposed',
      process.env.NODE_ENV !== 'production' && 'The session was disposed of. Create a new one.',
      options,
    );
  }
}
