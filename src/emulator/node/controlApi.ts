import { AppConfigError } from '../../errors/index.ts';
import type { ConfigurationName, Deployment, DeploymentStrategy } from '../deploymentTypes.ts';
import type { Emulator, Fault } from '../emulatorTypes.ts';
import { InvalidConfigurationError } from '../invalidConfigurationError.ts';
import { isObject, readJsonObject } from '../json.ts';
import type { ControlState, PendingFault } from '../controlState.ts';

const MAX_SESSIONS = 100;
const MAX_REQUESTS = 50;
/** A document of 2 MiB, with every character of it escaped once. */
export const MAX_CONTROL_BODY_BYTES = 5 * 1024 * 1024;

type Input = Readonly<Record<string, unknown>>;

/** What can be done by a POST to `/control/…`. */
const ACTIONS: Readonly<Record<string, (emulator: Emulator, input: Input) => void>> = {
  deploy: (emulator, input) => emulator.deploy(readDeployment(input)),
  'roll-back': (emulator, input) => emulator.rollBack(readName(input)),
  inject: (emulator, input) => emulator.inject(readFault(input)),
  'clear-faults': (emulator) => emulator.clearFaults(),
  'expire-sessions': (emulator) => emulator.expireSessions(),
};

/** Answers a request of the control page. */
export async function answerControl(emulator: Emulator, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const action = pathname.slice('/control/'.length);
  if (request.method === 'GET' && action === 'state') return answerState(emulator, request);
  if (request.method === 'GET' && action === 'content') {
    const name = readName(Object.fromEntries(searchParams));
    const content = emulator.contentOf(name, Number(searchParams.get('version')));
    return content
      ? new Response(new Uint8Array(content), {
          headers: { 'Content-Type': 'application/octet-stream' },
        })
      : refuse(404, 'ResourceNotFound', 'This version is not kept any more. Choose a newer one.');
  }
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!run) return refuse(404, 'ResourceNotFound', `There is no ${pathname} to control.`);
  if (request.method !== 'POST') return refuse(405, 'BadRequest', `POST to ${pathname}.`);
  // A form of another site can send text, but not JSON, without being asked first.
  if (!/^application\/json(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    return refuse(415, 'BadRequest', 'Send application/json.');
  }
  const input = readJsonObject(await request.text());
  if (!input) return refuse(400, 'BadRequest', 'Send a JSON object.');
  try {
    run(emulator, input);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (!(error instanceof AppConfigError)) throw error;
    const issues = error instanceof InvalidConfigurationError ? error.issues : [];
    return refuse(400, error.code, error.message, issues);
  }
}

function refuse(status: number, code: string, message: string, issues: readonly unknown[] = []) {
  return Response.json({ code, message, issues }, { status });
}

async function answerState(emulator: Emulator, request: Request): Promise<Response> {
  const { configurations, sessions, faults, requests, violations } = emulator;
  const state: ControlState = {
    // To the second, so that it is the same from one poll to the next.
    clockOffsetMs: Math.round((emulator.now() - Date.now()) / 1_000) * 1_000,
    configurations,
    sessionCount: sessions.length,
    sessions: sessions.slice(-MAX_SESSIONS),
    faults: faults.map(toPendingFault),
    requests: requests.slice(-MAX_REQUESTS),
    violations: violations.slice(-MAX_REQUESTS),
  };
  const body = new TextEncoder().encode(JSON.stringify(state));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const etag = `"${Array.from(digest.slice(0, 12), (byte) => byte.toString(16)).join('')}"`;
  const isKnown = request.headers.get('If-None-Match') === etag;
  return new Response(isKnown ? null : body, {
    status: isKnown ? 304 : 200,
    headers: { 'Content-Type': 'application/json', ETag: etag },
  });
}

function toPendingFault({ times = 1, ...fault }: Fault): PendingFault {
  // JSON has no Infinity.
  return { ...fault, times: times === Infinity ? null : times };
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function readName({ application, environment, profile }: Input): ConfigurationName {
  return {
    application: readText(application),
    environment: readText(environment),
    profile: readText(profile),
  };
}

function readDeployment(input: Input): Deployment {
  const { content, contentType, versionLabel, type, strategy } = input;
  return {
    ...readName(input),
    content: readText(content),
    contentType: readText(contentType) || undefined,
    versionLabel: readText(versionLabel) || undefined,
    type: type === 'AWS.Freeform' || type === 'AWS.AppConfig.FeatureFlags' ? type : undefined,
    strategy: isObject(strategy) ? readStrategy(strategy) : undefined,
  };
}

function readStrategy(input: Input): DeploymentStrategy {
  return {
    deploymentDurationInMinutes: Number(input['deploymentDurationInMinutes']),
    growthFactor: Number(input['growthFactor']),
    growthType: input['growthType'] === 'EXPONENTIAL' ? 'EXPONENTIAL' : 'LINEAR',
  };
}

function readFault(input: Input): Fault {
  const { kind, times, operation, status, delayMs } = input;
  const common = {
    times: times === null ? Infinity : Number(times ?? 1),
    operation: OPERATIONS.find((known) => known === operation),
  };
  switch (kind) {
    case 'error':
      return { ...common, kind, status: STATUSES.find((known) => known === status) ?? 500 };
    case 'slow':
      return { ...common, kind, delayMs: Number(delayMs) };
    case 'reset':
    case 'expired':
      return { ...common, kind };
    default:
      return { ...common, kind: 'garbage' };
  }
}

const OPERATIONS = [
  'StartConfigurationSession',
  'GetLatestConfiguration',
  'GetConfiguration',
] as const;
const STATUSES = [403, 429, 500, 503] as const;
