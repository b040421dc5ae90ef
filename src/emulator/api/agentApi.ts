import { readAgentPath, readContextHeader, readEntityIdHeader } from '../../agentRoute/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import {
  type ConfigurationStore,
  type DeployedVersion,
  type ConfigurationName,
  evaluateFlags,
  type Experiments,
  isJsonType,
  readJsonObject,
} from '../deployments/index.ts';
import { allow } from './dataApi.ts';
import {
  readableName,
  type EmulatorAnswer,
  type EmulatorCall,
  type WireAnswer,
} from './emulatorCall.ts';
import { findDeployed } from './findDeployed.ts';
import { badRequest, ServiceError } from './serviceError.ts';

const MAX_CONTEXT_LENGTH = 16 * 1024;
/** The Agent polls like any client: without an entity, it is one target of a deployment. */
const AGENT = 'agent';

/** What the Agent's route answers from. */
export interface AgentOptions {
  readonly store: ConfigurationStore;
  readonly experiments: Experiments | undefined;
  readonly now: () => number;
}

/**
 * The route of the AppConfig Agent: the whole configuration or some of its flags, each as the variant
 * for the caller's context, or as the treatment of its entity. Undefined for any other path.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-retrieving-feature-flags.html
 */
export function routeToAgent(
  options: AgentOptions,
  request: Request,
  url: URL,
): EmulatorCall | undefined {
  const name = readAgentPath(url.pathname);
  return (
    name && {
      operation: 'GetConfiguration',
      configuration: readableName(name),
      answer: async () => answer(options, name, request, url.searchParams.getAll('flag')),
      refuse: errorAnswer,
    }
  );
}

/** @throws ServiceError */
function answer(
  { store, experiments, now }: AgentOptions,
  name: ConfigurationName,
  request: Request,
  wanted: readonly string[],
): EmulatorAnswer {
  allow(request, 'GET');
  const deployed = findDeployed(store, name);
  const entityId = fromHeader(() => readEntityIdHeader(request.headers));
  const target = entityId === undefined ? AGENT : `entity/${entityId}`;
  const version = deployed.versionFor(target, now());
  const context = fromHeader(() =>
    readContextHeader(request.headers.get('Context') ?? '', MAX_CONTEXT_LENGTH),
  );
  const headers = {
    'configuration-version': version.versionLabel ?? `${version.number}`,
    'content-type': version.contentType,
  };
  const toAnswer = (body: Uint8Array & { readonly buffer: ArrayBuffer }) => ({
    answer: { status: 200, headers, body },
    contentBytes: body.byteLength,
    version: headers['configuration-version'],
  });
  if (!version.flags && wanted.length === 0) return toAnswer(version.bytes);
  const all = version.flags ? evaluateFlags(version.flags, context) : readFlags(version);
  // Treatments are only for requests that name the flag and an entity.
  const treated = (flag: string, value: unknown) =>
    (entityId !== undefined &&
      experiments?.assign({ ...deployed.names, flag }, { id: entityId, context })) ||
    value;
  const body = wanted.length > 0 ? pick(all, wanted, treated) : all;
  return toAnswer(new TextEncoder().encode(JSON.stringify(body)));
}

/** An error as the Agent words it: plain text. */
function errorAnswer({ status, type, message, headers }: ServiceError): WireAnswer {
  return {
    status,
    headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
    body: `${type}: ${message}`,
  };
}

/** A header that cannot be read is the caller's mistake. */
function fromHeader<Value>(readHeader: () => Value): Value {
  try {
    return readHeader();
  } catch (error) {
    throw error instanceof InvalidArgumentError ? badRequest(error.message) : error;
  }
}

function readFlags({ bytes, contentType }: DeployedVersion): Readonly<Record<string, unknown>> {
  const flags = isJsonType(contentType)
    ? readJsonObject(new TextDecoder().decode(bytes))
    : undefined;
  if (flags) return flags;
  throw badRequest('This configuration holds no feature flags: ask for it without "flag".');
}

/** One flag is answered with its value, several with a map. */
function pick(
  flags: Readonly<Record<string, unknown>>,
  wanted: readonly string[],
  read: (flag: string, value: unknown) => unknown,
): unknown {
  const missing = wanted.filter((flag) => !Object.hasOwn(flags, flag));
  if (missing.length > 0) {
    const told = missing.map((flag) => `"${flag.slice(0, 64)}"`).join(', ');
    throw new ServiceError(404, 'ResourceNotFoundException', `No flag is called ${told}.`);
  }
  const [only = '', second] = wanted;
  return second === undefined
    ? read(only, flags[only])
    : Object.fromEntries(wanted.map((flag) => [flag, read(flag, flags[flag])]));
}
