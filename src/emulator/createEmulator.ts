import { InvalidArgumentError } from '../errors/index.ts';
import {
  DataApi,
  errorAnswer,
  readableName,
  routeToAgent,
  ServiceError,
  Sessions,
  tokenName,
  type ReportViolation,
  type WireAnswer,
} from './api/index.ts';
import {
  ConfigurationStore,
  History,
  MAX_INTERVAL_IN_SECONDS,
  Members,
  prepareVersion,
  readConfigurationName,
  readDeployment,
  type ConfigurationName,
  type DeploymentEvent,
  type ExperimentName,
  type Experiments,
} from './deployments/index.ts';
import { createFetch } from './createFetch.ts';
import { createRequestEntry, type RequestEntry } from './requestEntry.ts';
import { createRequestIds, preflight, withCommonHeaders } from './responses.ts';
import type { Emulator, EmulatorOptions, EmulatorRequest, Violation } from './emulatorTypes.ts';
import { Faults, readFault } from './faults/index.ts';

const DEFAULT_INTERVAL_IN_SECONDS = 60;
const DEFAULT_HISTORY_LENGTH = 1_000;

/**
 * AWS AppConfig in memory: the data API with its sessions, single-use tokens and poll intervals. It
 * takes a Request and gives a Response, so it runs in Node, in a browser, in Storybook and in tests;
 * it records every violation of the protocol by a client, and fails on demand.
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
  const eventListeners = new Set<(event: DeploymentEvent) => void>();
  const now = createClock(options);
  let offsetMs = 0;
  const violations = new History<Violation>(historyLength);
  const requests = new History<EmulatorRequest>(historyLength);
  const events = new History<DeploymentEvent>(historyLength);
  let requestCount = 0;
  const toRequestId = createRequestIds();

  const time = () => now() + offsetMs;
  const schedule = options.clock?.schedule?.bind(options.clock) ?? setTimeout;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const report: ReportViolation = (rule, token) => {
    violations.add({ rule, token: token && tokenName(token), at: Math.round(time()) });
  };
  const store = new ConfigurationStore(time, (event) => {
    events.add(event);
    for (const listener of eventListeners) listener(event);
  });
  const sessions = new Sessions(time, report);
  const intervalInSeconds = readInterval(options.pollIntervalInSeconds);
  const dataApi = new DataApi(store, sessions, report, intervalInSeconds, time);
  const faults = new Faults(options.random ?? Math.random);
  const experiments = options.multiVariantFlags?.createExperiments({ now: time, historyLength });
  const agent = { store, experiments, now: time };

  async function answerRequest(request: Request): Promise<WireAnswer> {
    if (request.method === 'OPTIONS') return preflight(request);
    requestCount += 1;
    const entry = createRequestEntry(requestCount, Math.round(time()));
    try {
      const answer = await respond(request, entry);
      entry.status = answer.status;
      return answer;
    } finally {
      requests.add(entry);
      changed();
    }
  }

  async function respond(request: Request, entry: RequestEntry): Promise<WireAnswer> {
    let refuse = errorAnswer;
    try {
      const url = new URL(request.url);
      const call = routeToAgent(agent, request, url) ?? dataApi.route(request, url);
      refuse = call.refuse;
      entry.configuration = call.configuration;
      entry.operation = call.operation;
      entry.token = call.token && tokenName(call.token);
      const fault = faults.take(call.operation);
      entry.fault = fault?.fault.kind;
      // The answer to the token is then the refusal that the fault asks for.
      if (fault?.fault.kind === 'expired' && call.token) sessions.end(call.token);
      // Served first even if the answer is lost: a token that went out is spent.
      const { answer, configuration, nextToken, version, contentBytes = 0 } = await call.answer();
      entry.configuration ??= configuration;
      entry.nextToken = nextToken;
      entry.version = version;
      entry.contentBytes = contentBytes;
      const whole = withCommonHeaders(answer, toRequestId(entry.id));
      return fault ? await fault.strike(whole, schedule) : whole;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      entry.error = error.type;
      entry.message = error.message;
      return withCommonHeaders(refuse(error), toRequestId(entry.id));
    }
  }

  function findConfiguration(name: ConfigurationName) {
    const found = store.find(name);
    return typeof found === 'string' ? undefined : found;
  }

  function needExperiments(): Experiments {
    if (experiments) return experiments;
    throw new InvalidArgumentError(
      'Experiments need createEmulator({ multiVariantFlags }), from react-appconfig/emulator/variants.',
    );
  }

  /** Under the names of its configuration, even if ids were given. */
  function withNames<Name extends ExperimentName>(input: Name): Name {
    const members = new Members(input);
    const configuration = findConfiguration(readConfigurationName(members));
    if (configuration) return { ...input, ...configuration.namesAlone };
    throw members.refuse('profile', 'must name a configuration that is deployed');
  }

  return {
    fetch: createFetch(answerRequest),
    deploy(input) {
      const deployment = readDeployment(new Members(input));
      const version = prepareVersion(deployment, options.multiVariantFlags);
      store.deploy(deployment, version, deployment.strategy);
      changed();
    },
    rollBack(name) {
      const hasRolledBack = findConfiguration(name)?.rollBack(time());
      if (!hasRolledBack) {
        throw new InvalidArgumentError(
          `There is no version of ${readableName(name)} to roll back to. Deploy one.`,
        );
      }
      changed();
    },
    contentOf: (name, version) => findConfiguration(name)?.findVersion(version)?.source,
    startExperiment(experiment) {
      needExperiments().start(withNames(experiment));
      changed();
    },
    updateExperiment(update) {
      needExperiments().update(withNames(update));
      changed();
    },
    stopExperiment(name) {
      needExperiments().stop(withNames(name));
      changed();
    },
    advance(ms) {
      offsetMs += ms;
      store.settle();
      changed();
    },
    inject(fault) {
      faults.inject(readFault(new Members(fault)));
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
    onEvent(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
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
    get experiments() {
      return experiments?.states ?? [];
    },
    get assignments() {
      return experiments?.assignments ?? [];
    },
    get events() {
      store.settle();
      return events.list;
    },
    get violations() {
      return violations.list;
    },
    get requests() {
      return requests.list;
    },
  };
}

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
