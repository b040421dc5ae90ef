import {
  readRetryAfter,
  RequestError,
  type AppConfigOperation,
  type RequestErrorCode,
} from '../../errors/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What an SDK's failure may be. */
type SdkErrorCode = Exclude<RequestErrorCode, 'Timeout' | 'Offline'>;

const WHAT_TO_DO: Record<SdkErrorCode, string> = {
  BadRequest: 'A new session is started; if this goes on, check the identifiers and the interval.',
  ResourceNotFound:
    'Check application, environment and profile, and that something has been deployed.',
  AccessDenied:
    'Check the credentials, appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration, and kms:Decrypt if the configuration is encrypted.',
  Throttled: 'The session backs off; if this goes on, poll less often.',
  ServiceFailure: 'The session backs off and tries again.',
  NetworkFailure:
    'The session backs off and tries again; check the endpoint, and in a browser CORS.',
  MissingCredentials:
    'Nothing was sent: give the client credentials that arrive. The session tries again, and refetch() does so at once.',
  MissingRegion: 'Nothing was sent: give the client a region.',
};
const NOT_APPCONFIG = 'Something other than AWS AppConfig answered: check the endpoint.';

/** What the SDK adds to the errors that it throws, as far as it is there. */
interface SdkErrorDetails {
  name: unknown;
  message: string;
  /** 0 where nothing was answered. */
  status: number;
  retryAfterInSeconds: number | undefined;
}

/**
 * Names an SDK failure in the session's terms.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/CommonErrors.html
 */
export function toRequestError(
  thrown: unknown,
  operation: AppConfigOperation,
  wasSent: boolean,
): RequestError {
  const details = readDetails(thrown);
  const code = wasSent ? codeOf(details) : codeOfUnsent(details);
  const { message, retryAfterInSeconds } = details;
  const text =
    process.env.NODE_ENV !== 'production' &&
    `${operation} failed: ${message}${problemsOf(thrown)}. ${isUnreadable(details) ? NOT_APPCONFIG : WHAT_TO_DO[code]}`;
  return new RequestError(code, text, {
    operation,
    retryAfterInSeconds,
    wasSent,
    cause: thrown,
  });
}

/** Before a request leaves, the SDK needs a region and credentials, and has nothing else that can fail. */
function codeOfUnsent({ name, message }: SdkErrorDetails): SdkErrorCode {
  if (name === 'AbortError') return 'NetworkFailure';
  return /\bregion\b/i.test(message) ? 'MissingRegion' : 'MissingCredentials';
}

function codeOf({ name, status }: SdkErrorDetails): SdkErrorCode {
  if (name === 'BadRequestException') return 'BadRequest';
  if (name === 'ResourceNotFoundException') return 'ResourceNotFound';
  if (name === 'ThrottlingException' || status === 429) return 'Throttled';
  if (status === 400) return 'BadRequest';
  if (status === 401 || status === 403) return 'AccessDenied';
  if (status === 404) return 'ResourceNotFound';
  // A 2xx here is an answer that the SDK could not read.
  return status === 0 ? 'NetworkFailure' : 'ServiceFailure';
}

/** Whether the SDK could not read an answer that is one. */
function isUnreadable({ status }: SdkErrorDetails): boolean {
  return status >= 200 && status < 300;
}

function readDetails(thrown: unknown): SdkErrorDetails {
  const response = property(thrown, '$response');
  const status =
    property(property(thrown, '$metadata'), 'httpStatusCode') ?? property(response, 'statusCode');
  const headers = property(response, 'headers');
  return {
    name: property(thrown, 'name'),
    message: thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown),
    status: Number(status ?? 0),
    retryAfterInSeconds: readRetryAfter(
      property(headers, 'retry-after'),
      property(headers, 'date'),
    ),
  };
}

function problemsOf(thrown: unknown): string {
  const resource = property(thrown, 'ResourceType');
  if (typeof resource === 'string') return ` (${resource})`;
  const parameters = property(property(thrown, 'Details'), 'InvalidParameters');
  const problems = Object.entries(Object(parameters)).map(
    ([parameter, detail]) => `${parameter}: ${String(property(detail, 'Problem'))}`,
  );
  return problems.length > 0 ? ` (${problems.join(', ')})` : '';
}

function property(value: unknown, key: string): unknown {
  return Reflect.get(Object(value), key);
}
