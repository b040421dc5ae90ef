import type { ConfigurationName, ResourceType } from '../deployments/index.ts';

/** What can be wrong with a parameter, by AWS's names. */
export type ParameterProblem = 'Corrupted' | 'Expired' | 'PollIntervalNotSatisfied';

/**
 * An error of the service, as it goes over the wire.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_GetLatestConfiguration.html#API_appconfigdata_GetLatestConfiguration_Errors
 */
export class ServiceError extends Error {
  readonly status: number;
  readonly type: string;
  readonly members: Readonly<Record<string, unknown>>;
  /** Their names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    type: string,
    message: string,
    members: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.members = members;
    this.headers = headers;
  }
}

/** A token that cannot be used. */
export function tokenProblem(message: string, problem: ParameterProblem): ServiceError {
  return new ServiceError(400, 'BadRequestException', message, {
    Reason: 'InvalidParameters',
    Details: { InvalidParameters: { ConfigurationToken: { Problem: problem } } },
  });
}

/** A parameter outside of its limits, or a body or path that cannot be read. */
export function badRequest(message: string): ServiceError {
  return new ServiceError(400, 'BadRequestException', message);
}

/** A part of a configuration's name that is unknown. */
export function resourceNotFound(
  type: ResourceType,
  { application, environment, profile }: ConfigurationName,
): ServiceError {
  const message = `Could not find ${type} in this account and region.`;
  return new ServiceError(404, 'ResourceNotFoundException', message, {
    ResourceType: type,
    ReferencedBy: {
      ApplicationIdentifier: application,
      EnvironmentIdentifier: environment,
      ConfigurationProfileIdentifier: profile,
    },
  });
}

/** The error that a fault asks for. */
export function injectedError(
  status: number,
  retryAfterInSeconds: number | undefined,
): ServiceError {
  const [type, message] = INJECTED[status] ?? [
    'InternalServerException',
    'There was an internal failure.',
  ];
  const headers =
    retryAfterInSeconds === undefined ? {} : { 'retry-after': `${retryAfterInSeconds}` };
  return new ServiceError(status, type, message, {}, headers);
}

const INJECTED: Readonly<Record<number, readonly [type: string, message: string]>> = {
  403: ['AccessDeniedException', 'You are not authorized to perform this operation.'],
  429: ['ThrottlingException', 'Rate exceeded.'],
};
