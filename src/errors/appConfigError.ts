declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** The codes of a call that was not answered with a configuration. */
export type RequestErrorCode =
  | 'BadRequest'
  | 'ResourceNotFound'
  | 'AccessDenied'
  | 'Throttled'
  | 'ServiceFailure'
  | 'NetworkFailure'
  | 'Timeout'
  | 'Offline'
  | 'MissingCredentials'
  | 'MissingRegion';

/** The codes of a document that cannot be used. */
export type ContentErrorCode =
  'ContentTooLarge' | 'MalformedContent' | 'UnsupportedContentType' | 'NotFeatureFlags';

/** What went wrong, as a word to switch on. The guide lists each code with what to do about it. */
export type AppConfigErrorCode =
  | RequestErrorCode
  | ContentErrorCode
  | 'InvalidArgument'
  | 'InvalidConfiguration'
  | 'MissingProvider'
  | 'InvalidAnswer'
  | 'SessionDisposed'
  | 'SchemaMismatch'
  | 'TypeMismatch'
  | 'RehearsalFailed';

/** The two calls of the data plane, and the one of the AppConfig Agent, by AWS's names. */
export type AppConfigOperation =
  'StartConfigurationSession' | 'GetLatestConfiguration' | 'GetConfiguration';

/** What every {@link AppConfigError} may carry besides its code and its message. */
export interface AppConfigErrorOptions {
  /** The configuration profile that the error is about. */
  profile?: string | undefined;
  /** The call that failed. */
  operation?: AppConfigOperation | undefined;
  /** The error underneath, as it was thrown. */
  cause?: unknown;
  /** What a page may know of it: React hands that to the browser in place of a server's message. */
  digest?: string | undefined;
}

/**
 * Ends what is left of a message in a build for production, so that nobody downloads prose: with the address of
 * the guide's page on errors, once the package has a home page.
 */
export const WHERE_TO_LOOK = '. See the guide.';

/**
 * The base of every error that this package raises: `instanceof AppConfigError` catches them all,
 * `code` tells them apart, and the message says what happened and what to do next.
 */
export class AppConfigError<Code extends AppConfigErrorCode = AppConfigErrorCode> extends Error {
  override name = 'AppConfigError';
  readonly code: Code;
  /** The configuration profile that the error is about; the session fills it in for its source. */
  profile: string | undefined;
  /**
   * What React hands to the browser in place of the message, where a server's render ends in this error.
   *
   * @see https://react.dev/reference/react-dom/server/renderToPipeableStream#logging-crashes-on-the-server
   */
  digest: string | undefined;

  /** @param message what happened, and what to do; a build for production may leave it out */
  constructor(code: Code, message: string | false, options: AppConfigErrorOptions = {}) {
    const { operation, profile } = options;
    super(message || [code, operation, profile].filter(Boolean).join(' ') + WHERE_TO_LOOK, options);
    this.code = code;
    this.profile = profile;
    this.digest = options.digest;
  }
}

/** Leaves an `AppConfigError` as it is and wraps anything else that `thrower` threw. */
export function asAppConfigError(
  thrown: unknown,
  code: AppConfigErrorCode,
  thrower: string,
): AppConfigError {
  if (thrown instanceof AppConfigError) return thrown;
  const message =
    process.env.NODE_ENV !== 'production' && `${thrower} threw ${String(thrown)}. See its cause.`;
  return new AppConfigError(code, message, { cause: thrown });
}
