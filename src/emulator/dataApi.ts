import { ConfigurationStore, type ConfigurationName } from './configurationStore.ts';
import type { EmulatorOperation } from './emulatorTypes.ts';
import { badRequest, ServiceError } from './serviceError.ts';
import { Sessions, type ReportViolation } from './sessions.ts';
import { tokenName, type TokenParts } from './tokens.ts';

const LONGEST_BODY_BYTES = 64 * 1024;
const LONGEST_IDENTIFIER = 128;

/** An answer of the data API, and what is worth remembering of it. */
export interface DataApiAnswer {
  readonly response: Response;
  readonly nextToken?: string | undefined;
  readonly contentBytes?: number | undefined;
  readonly version?: string | undefined;
}

/** A request that was understood so far that it can be answered. */
export interface DataApiCall {
  readonly operation: EmulatorOperation;
  readonly token: TokenParts | undefined;
  /** Answers the request, as it stands. @throws ServiceError */
  readonly answer: () => Promise<DataApiAnswer>;
}

/**
 * The two operations of the data plane, as they go over the wire.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_Operations_AWS_AppConfig_Data.html
 */
export class DataApi {
  readonly store = new ConfigurationStore();
  readonly sessions: Sessions;
  readonly #report: ReportViolation;
  readonly #defaultIntervalInSeconds: number;

  constructor(now: () => number, report: ReportViolation, defaultIntervalInSeconds: number) {
    this.sessions = new Sessions(now, report);
    this.#report = report;
    this.#defaultIntervalInSeconds = defaultIntervalInSeconds;
  }

  /** @throws ServiceError for a path or a method that no operation has. */
  route(request: Request): DataApiCall {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/configurationsessions') {
      allow(request, 'POST');
      const answer = () => this.#start(request);
      return { operation: 'StartConfigurationSession', token: undefined, answer };
    }
    if (pathname === '/configuration') {
      allow(request, 'GET');
      const token = this.sessions.read(searchParams.get('configuration_token') ?? '');
      const answer = async () => this.#getLatest(token);
      return { operation: 'GetLatestConfiguration', token, answer };
    }
    throw new ServiceError(
      404,
      'UnknownOperationException',
      `No operation has the path ${pathname}.`,
    );
  }

  async #start(request: Request): Promise<DataApiAnswer> {
    const input = await readJsonObject(request);
    try {
      const name = readName(input);
      const interval = readInterval(input) ?? this.#defaultIntervalInSeconds;
      this.store.find(name);
      const { token, parts } = this.sessions.start(name, interval);
      const response = Response.json({ InitialConfigurationToken: token }, { status: 201 });
      return { response, nextToken: tokenName(parts) };
    } catch (error) {
      if (error instanceof ServiceError && error.status === 400) {
        this.#report('invalid-parameters', undefined);
      }
      throw error;
    }
  }

  #getLatest(token: TokenParts | undefined): DataApiAnswer {
    const { nextToken, nextParts, intervalInSeconds, version, isUnchanged } = this.sessions.poll(
      token,
      (name) => this.store.find(name),
    );
    const headers = new Headers({
      'Content-Type': version.contentType,
      'Next-Poll-Configuration-Token': nextToken,
      'Next-Poll-Interval-In-Seconds': `${intervalInSeconds}`,
    });
    const { versionLabel, bytes } = version;
    if (!isUnchanged && versionLabel !== undefined) headers.set('Version-Label', versionLabel);
    return {
      response: new Response(isUnchanged ? null : bytes, { status: 200, headers }),
      nextToken: tokenName(nextParts),
      contentBytes: isUnchanged ? 0 : bytes.byteLength,
      version: versionLabel ?? `${version.number}`,
    };
  }
}

function allow(request: Request, method: string): void {
  if (request.method === method) return;
  const message = `${request.method} is not allowed here, ${method} is.`;
  throw new ServiceError(405, 'MethodNotAllowedException', message, {}, { Allow: method });
}

async function readJsonObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const body = await request.text();
  if (body.length > LONGEST_BODY_BYTES) {
    throw new ServiceError(413, 'RequestEntityTooLargeException', 'The request body is too long.');
  }
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value));
  } catch {
    // Told below, with everything else that is no object.
  }
  throw badRequest('The request body is not a JSON object.');
}

function readName(input: Readonly<Record<string, unknown>>): ConfigurationName {
  const read = (parameter: string) => {
    const value = input[parameter];
    if (typeof value === 'string' && value.length >= 1 && value.length <= LONGEST_IDENTIFIER) {
      return value;
    }
    throw badRequest(`${parameter} must be a string of 1 to ${LONGEST_IDENTIFIER} characters.`);
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
  if (typeof value === 'number' && Number.isInteger(value) && value >= 15 && value <= 86_400) {
    return value;
  }
  throw badRequest('RequiredMinimumPollIntervalInSeconds must be a whole number from 15 to 86400.');
}
