import {
  MAX_IDENTIFIER_LENGTH,
  MAX_INTERVAL_IN_SECONDS,
  MIN_INTERVAL_IN_SECONDS,
  type ConfigurationStore,
  type ConfigurationName,
  readJsonObject,
} from '../deployments/index.ts';
import {
  readableName,
  type EmulatorAnswer,
  type EmulatorCall,
  type WireAnswer,
} from './emulatorCall.ts';
import { findDeployed } from './findDeployed.ts';
import { badRequest, ServiceError } from './serviceError.ts';
import { Sessions, type ReportViolation } from './sessions.ts';
import { tokenName, type TokenParts } from './tokens.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * The two operations of the data plane, as they go over the wire.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_Operations_AWS_AppConfig_Data.html
 */
export class DataApi {
  readonly #store: ConfigurationStore;
  readonly #sessions: Sessions;
  readonly #report: ReportViolation;
  readonly #defaultIntervalInSeconds: number;
  readonly #now: () => number;

  constructor(
    store: ConfigurationStore,
    sessions: Sessions,
    report: ReportViolation,
    defaultIntervalInSeconds: number,
    now: () => number,
  ) {
    this.#store = store;
    this.#sessions = sessions;
    this.#report = report;
    this.#defaultIntervalInSeconds = defaultIntervalInSeconds;
    this.#now = now;
  }

  /** @throws ServiceError for a path or a method that no operation has. */
  route(request: Request, { pathname, searchParams }: URL): EmulatorCall {
    if (pathname === '/configurationsessions') {
      allow(request, 'POST');
      const answer = () => this.#start(request);
      return { operation: 'StartConfigurationSession', answer, refuse: errorAnswer };
    }
    if (pathname === '/configuration') {
      allow(request, 'GET');
      const token = this.#sessions.read(searchParams.get('configuration_token') ?? '');
      const name = token && this.#sessions.nameOf(token);
      return {
        operation: 'GetLatestConfiguration',
        token,
        configuration: name && readableName(name),
        answer: async () => this.#getLatest(token),
        refuse: errorAnswer,
      };
    }
    throw new ServiceError(
      404,
      'UnknownOperationException',
      `No operation has the path ${pathname}.`,
    );
  }

  async #start(request: Request): Promise<EmulatorAnswer> {
    const input = await readBody(request);
    try {
      const name = readName(input);
      const interval = readInterval(input) ?? this.#defaultIntervalInSeconds;
      findDeployed(this.#store, name);
      const { token, parts } = this.#sessions.start(name, interval);
      return {
        answer: jsonAnswer(201, { InitialConfigurationToken: token }),
        nextToken: tokenName(parts),
        configuration: readableName(name),
      };
    } catch (error) {
      if (error instanceof ServiceError && error.status === 400) {
        this.#report('invalid-parameters', undefined);
      }
      throw error;
    }
  }

  #getLatest(token: TokenParts | undefined): EmulatorAnswer {
    const { nextToken, nextParts, intervalInSeconds, version, isUnchanged } = this.#sessions.poll(
      token,
      (name, session) => findDeployed(this.#store, name).versionFor(`${session}`, this.#now()),
    );
    const { versionLabel, bytes } = version;
    const headers = {
      'content-type': version.contentType,
      'next-poll-configuration-token': nextToken,
      'next-poll-interval-in-seconds': `${intervalInSeconds}`,
    };
    const isLabelled = !isUnchanged && versionLabel !== undefined;
    return {
      answer: {
        status: 200,
        headers: isLabelled ? { ...headers, 'version-label': versionLabel } : headers,
        body: isUnchanged ? null : bytes,
      },
      nextToken: tokenName(nextParts),
      contentBytes: isUnchanged ? 0 : bytes.byteLength,
      version: versionLabel ?? `${version.number}`,
    };
  }
}

/** An error of the data API. */
export function errorAnswer({ status, type, message, members, headers }: ServiceError): WireAnswer {
  const answer = jsonAnswer(status, { Message: message, ...members });
  return { ...answer, headers: { ...answer.headers, ...headers, 'x-amzn-errortype': type } };
}

function jsonAnswer(status: number, value: object): WireAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/** @throws ServiceError for another method than the one that is allowed. */
export function allow(request: Request, method: string): void {
  if (request.method === method) return;
  const message = `${request.method} is not allowed here, ${method} is.`;
  throw new ServiceError(405, 'MethodNotAllowedException', message, {}, { allow: method });
}

async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const body = await request.text();
  if (body.length > MAX_BODY_BYTES) {
    throw new ServiceError(413, 'RequestEntityTooLargeException', 'The request body is too long.');
  }
  const value = readJsonObject(body);
  if (value) return value;
  throw badRequest('The request body is not a JSON object.');
}

function readName(input: Readonly<Record<string, unknown>>): ConfigurationName {
  const read = (parameter: string) => {
    const value = input[parameter];
    if (typeof value === 'string' && value.length >= 1 && value.length <= MAX_IDENTIFIER_LENGTH) {
      return value;
    }
    throw badRequest(`${parameter} must be a string of 1 to ${MAX_IDENTIFIER_LENGTH} characters.`);
  };
  return {
    application: read('ApplicationIdentifier'),
    environment: read('EnvironmentIdentifier'),
    profile: read('ConfigurationProfileIdentifier'),
  };
}

function readInterval(input: Readonly<Record<string, unknown>>): number | undefined {
  const value = input['RequiredMinimumPollIntervalInSeconds'] ?? undefined;
  if (value === undefined) return undefined;
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= MIN_INTERVAL_IN_SECONDS &&
    value <= MAX_INTERVAL_IN_SECONDS
  ) {
    return value;
  }
  throw badRequest('RequiredMinimumPollIntervalInSeconds must be a whole number from 15 to 86400.');
}
