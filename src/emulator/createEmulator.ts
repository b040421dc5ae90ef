import { MAX_INTERVAL_IN_SECONDS } from './limits.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import { routeToAgent } from './agentApi.ts';
import { ConfigurationStore } from './configurationStore.ts';
import { DataApi, errorResponse } from './dataApi.ts';
import type { ConfigurationName } from './deploymentTypes.ts';
import { readableName } from './emulatorCall.ts';
import type { Emulator, EmulatorOptions, EmulatorRequest, Violation } from './emulatorTypes.ts';
import { Faults, spoil } from './faults.ts';
import { readDeployment } from './readDeployment.ts';
import { ServiceError } from './serviceError.ts';
import { Sessions, type ReportViolation } from './sessions.ts';
import { tokenName } from './tokens.ts';

const DEFAULT_INTERVAL_IN_SECONDS = 60;
const DEFAULT_HISTORY_LENGTH = 1_000;

/**
 * AWS AppConfig in memory: the data API with its sessions, single-use tokens and poll intervals. It
 * takes a Request and gives a Response, so it runs in Node, in a browser, in Storybook and in tests;
 * it keeps count of every rule of the protocol that a client breaks, and breaks on demand itself.
 *
 * @example
 * const emulator = createEmulator();
 * emulator.deploy({ application: 'shop', environment: 'test', profile: 'flags',
 *                   content: { 'dark-mode': { enabled: true } } });
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_Operations_AWS_AppConfig_Data.html
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const historyLength = options.historyLength ?? DEFAULT_HISTORY_LENGTH;
  const listeners = new Set<() => void>();
  const now = createClock(options);
  let offsetMs = 0;
  let violations: readonly Violation[] = [];
  let requests: readonly EmulatorRequest[] = [];
  let requestCount = 0;
  let deploymentCount = 0;

  const time = () => now() + offsetMs;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const report: ReportViolation = (rule, token) => {
    const violation = { rule, token: token && tokenName(token), at: Math.round(time()) };
    violations = [...violations, violation].slice(-historyLength);
  };
  const store = new ConfigurationStore(time);
  const sessions = new Sessions(time, report);
  const intervalInSeconds = readInterval(options.pollIntervalInSeconds);
  const dataApi = new DataApi(store, sessions, report, intervalInSeconds);
  const faults = new Faults(options.random ?? Math.random);

  async function respond(request: Request, entry: MutableEntry): Promise<Response> {
    let refuse = errorResponse;
    try {
      const url = new URL(request.url);
      const call = routeToAgent(store, request, url) ?? dataApi.route(request, url);
      refuse = call.refuse;
      entry.configuration = call.configuration;
      entry.operation = call.operation;
      entry.token = call.token && tokenName(call.token);
      const fault = faults.take(call.operation);
      entry.fault = fault?.kind;
      // The answer to the token is then the refusal that the fault asks for.
      if (fault?.kind === 'expired' && call.token) sessions.end(call.token);
      // Served first even if the answer is lost: a token that went out is spent.
      const answer = await call.answer();
      entry.configuration ??= answer.configuration;
      entry.nextToken = answer.nextToken;
      entry.version = answer.version;
      entry.contentBytes = answer.contentBytes ?? 0;
      return await (fault ? spoil(answer, fault) : answer.response);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      entry.error = error.type;
      entry.message = error.message;
      return refuse(error);
    }
  }

  function findDeployed(name: ConfigurationName) {
    try {
      return store.find(name);
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }

  return {
    async fetch(request) {
      if (request.method === 'OPTIONS') return preflight(request);
      requestCount += 1;
      const entry: MutableEntry = {
        id: requestCount,
        at: Math.round(time()),
        status: 0,
        contentBytes: 0,
      };
      try {
        const response = await respond(request, entry);
        entry.status = response.status;
        addCommonHeaders(response.headers);
        return response;
      } finally {
        requests = [...requests, { ...NO_ENTRY, ...entry }].slice(-historyLength);
        changed();
      }
    },
    deploy(deployment) {
      const prepared = readDeployment(deployment, options.multiVariantFlags);
      deploymentCount += 1;
      const version = { ...prepared, number: deploymentCount, deployedAt: Math.round(time()) };
      store.deploy(deployment, version, deployment.strategy);
      changed();
    },
    rollBack(name) {
      const hasRolledBack = findDeployed(name)?.rollBack(time());
      if (!hasRolledBack) {
        throw new InvalidArgumentError(
          `There is no version of ${readableName(name)} to roll back to. Deploy one.`,
        );
      }
      changed();
    },
    contentOf: (name, version) => findDeployed(name)?.findVersion(version)?.source,
    advance(ms) {
      offsetMs += ms;
      changed();
    },
    inject(fault) {
      faults.inject(fault);
      changed();
    },
    clearFaults() {
      faults.clear();
      changed();
    },
    expireSessions() {
      sessions.end();
      changed();
    },
    now: time,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get configurations() {
      return store.states();
    },
    get sessions() {
      return sessions.list();
    },
    get faults() {
      return faults.pending;
    },
    get violations() {
      return violations;
    },
    get requests() {
      return requests;
    },
  };
}

type MutableEntry = { -readonly [Key in keyof EmulatorRequest]?: EmulatorRequest[Key] } & {
  id: number;
  at: number;
  status: number;
  contentBytes: number;
};

const NO_ENTRY = {
  operation: undefined,
  configuration: undefined,
  token: undefined,
  nextToken: undefined,
  error: undefined,
  message: undefined,
  version: undefined,
  fault: undefined,
};

function createClock({ clock }: EmulatorOptions): () => number {
  if (clock) return () => clock.now();
  // A clock that cannot jump: poll intervals are checked to the millisecond.
  const startedAt = Date.now() - performance.now();
  return () => startedAt + performance.now();
}

function readInterval(seconds = DEFAULT_INTERVAL_IN_SECONDS): number {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_INTERVAL_IN_SECONDS) {
    return seconds;
  }
  throw new InvalidArgumentError(
    `"pollIntervalInSeconds" must be a whole number from 0 to ${MAX_INTERVAL_IN_SECONDS}.`,
  );
}

function addCommonHeaders(headers: Headers): void {
  const id = crypto.getRandomValues(new Uint32Array(4));
  headers.set(
    'x-amzn-RequestId',
    Array.from(id, (part) => part.toString(16).padStart(8, '0')).join('-'),
  );
  headers.set('Access-Control-Allow-Origin', '*');
  headers.set('Access-Control-Expose-Headers', '*, x-amzn-RequestId, x-amzn-errortype');
}

/** Lets a page of any origin call the API, as a test bed should. */
function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': request.headers.get('Access-Control-Request-Headers') ?? '*',
      'Access-Control-Max-Age': '600',
    },
  });
}
