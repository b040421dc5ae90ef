import {
  RequestError,
  type AppConfigOperation,
  type RequestErrorCode,
} from '../../errors/index.ts';

const WHAT_TO_DO: Record<Exclude<RequestErrorCode, 'Timeout'>, string> = {
  BadRequest: 'A new session is started; if this goes on, check the identifiers and the interval.',
  ResourceNotFound:
    'Check application, environment and profile, and that something has been deployed.',
  AccessDenied:
    'Check the credentials, appconfig:StartConfigurationSession and appconfig:GetLatestConfiguration, and kms:Decrypt if the configuration is encrypted.',
  Throttled: 'The session backs off; if this goes on, poll less often.',
  ServiceFailure: 'The session backs off and tries again.',
  NetworkFailure:
    'The session backs off and tries again; check the endpoint, CORS and credentials.',
};

/** What the SDK hangs on the errors that it throws, as far as it is there. */
interface SdkErrorDetails {
  name: string | undefined;
  message: string;
  status: number | undefined;
  problems: string;
  retryAfterInSeconds: number | undefined;
}

/**
 * Names an SDK failure in the session's terms.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/CommonErrors.html
 */
export function toRequestError(thrown: unknown, operation: AppConfigOperation): RequestError {
  const details = readDetails(thrown);
  const code = codeOf(details);
  const { message, problems, retryAfterInSeconds } = details;
  return new RequestError(code, `${operation} failed: ${message}${problems}. ${WHAT_TO_DO[code]}`, {
    operation,
    retryAfterInSeconds,
    cause: thrown,
  });
}

function codeOf({ name, status = 0 }: SdkErrorDetails): keyof typeof WHAT_TO_DO {
  if (name === 'BadRequestException') return 'BadRequest';
  if (name === 'ResourceNotFoundException') return 'ResourceNotFound';
  if (name === 'ThrottlingException' || status === 429) return 'Throttled';
  if (status === 400) return 'BadRequest';
  if (status === 401 || status === 403) return 'AccessDenied';
  if (status === 404) return 'ResourceNotFound';
  // A 2xx here is an answer that the SDK could not read.
  return status === 0 ? 'NetworkFailure' : 'ServiceFailure';
}

function readDetails(thrown: unknown): SdkErrorDetails {
  const response = property(thrown, '$response');
  const name = property(thrown, 'name');
  const status =
    property(property(thrown, '$metadata'), 'httpStatusCode') ?? property(response, 'statusCode');
  const retryAfter = Number(property(property(response, 'headers'), 'retry-after'));
  return {
    name: typeof name === 'string' ? name : undefined,
    message: thrown instanceof Error ? thrown.message.replace(/\.$/, '') : String(thrown),
    status: typeof status === 'number' ? status : undefined,
    problems: problemsOf(thrown),
    retryAfterInSeconds: retryAfter > 0 ? retryAfter : undefined,
  };
}

function problemsOf(thrown: unknown): string {
  const parameters = property(property(thrown, 'Details'), 'InvalidParameters');
  if (typeof parameters !== 'object' || parameters === null) return '';
  const problems = Object.entries(parameters).map(
    ([parameter, detail]) => `${parameter}: ${String(property(detail, 'Problem'))}`,
  );
  return ` (${problems.join(', ')})`;
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
