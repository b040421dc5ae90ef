import { AppConfigError, InvalidArgumentError } from '../../errors/index.ts';
import {
  findContentProblem,
  InvalidConfigurationError,
  Members,
  readConfigurationName,
  readDeployment,
  readExperiment,
  readExperimentName,
  readExperimentUpdate,
  readJsonObject,
  type ConfigurationName,
} from '../deployments/index.ts';
import type { Emulator } from '../emulatorTypes.ts';
import { readFault, type Fault } from '../faults/index.ts';
import type { ControlState, PendingFault } from './controlState.ts';

const MAX_SESSIONS = 100;
const MAX_REQUESTS = 50;
const MAX_ADVANCE_MS = 366 * 24 * 60 * 60_000;
/** A document of 2 MiB, with every character of it escaped once. */
export const MAX_CONTROL_BODY_BYTES = 5 * 1024 * 1024;

/**
 * What can be done by a POST to `/control/…`. Each reads all members of its input, so that no mistake in it
 * goes unnoticed. @throws InvalidArgumentError with the name of the member that is wrong.
 */
const ACTIONS: Readonly<Record<string, (emulator: Emulator, input: Members) => void>> = {
  deploy(emulator, input) {
    const deployment = readDeployment(input);
    input.assertNoOthers();
    const { content, contentType = 'application/json' } = deployment;
    const isText = typeof content === 'string';
    const problem = isText ? findContentProblem(content, contentType) : undefined;
    if (problem) throw new InvalidArgumentError(`"content" cannot be deployed. ${problem}`);
    emulator.deploy(deployment);
  },
  'roll-back'(emulator, input) {
    const name = readConfigurationName(input);
    input.assertNoOthers();
    emulator.rollBack(name);
  },
  inject(emulator, input) {
    const { fault } = readFault(input);
    input.assertNoOthers();
    emulator.inject(fault);
  },
  'clear-faults'(emulator, input) {
    input.assertNoOthers();
    emulator.clearFaults();
  },
  'expire-sessions'(emulator, input) {
    input.assertNoOthers();
    emulator.expireSessions();
  },
  advance(emulator, input) {
    const ms = input.number('ms', { min: 0, max: MAX_ADVANCE_MS });
    input.assertNoOthers();
    emulator.advance(ms);
  },
  'start-experiment'(emulator, input) {
    emulator.startExperiment(readExperiment(input));
  },
  'update-experiment'(emulator, input) {
    emulator.updateExperiment(readExperimentUpdate(input));
  },
  'stop-experiment'(emulator, input) {
    const name = readExperimentName(input);
    input.assertNoOthers();
    emulator.stopExperiment(name);
  },
};

/** Answers a request of the control page. */
export async function answerControl(emulator: Emulator, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const action = pathname.slice('/control/'.length);
  if (request.method === 'GET' && action === 'state') return answerState(emulator, request);
  if (request.method === 'GET' && action === 'content') {
    const version = Number(searchParams.get('version') || NaN);
    if (!Number.isInteger(version)) {
      return refuse(400, 'InvalidArgument', '"version" must be a whole number.');
    }
    const content = emulator.contentOf(readNames(searchParams), version);
    return content
      ? new Response(new Uint8Array(content), {
          headers: { 'Content-Type': 'application/octet-stream' },
        })
      : refuse(404, 'ResourceNotFound', 'This version is not kept any more. Choose a newer one.');
  }
  const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (!run) return refuse(404, 'ResourceNotFound', `There is no ${pathname} to control.`);
  if (request.method !== 'POST') return refuse(405, 'BadRequest', `POST to ${pathname}.`);
  // A form of another site can send text without a preflight, but not JSON.
  if (!/^application\/json(;|$)/i.test(request.headers.get('Content-Type') ?? '')) {
    return refuse(415, 'BadRequest', 'Send application/json.');
  }
  const input = readJsonObject(await request.text());
  if (!input) return refuse(400, 'BadRequest', 'Send a JSON object.');
  try {
    run(emulator, new Members(fromJson(input)));
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

function readNames(parameters: URLSearchParams): ConfigurationName {
  const read = (name: string) => parameters.get(name) ?? '';
  return {
    application: read('application'),
    environment: read('environment'),
    profile: read('profile'),
  };
}

/** JSON has no Infinity. */
function fromJson(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return input['times'] === null ? { ...input, times: Infinity } : input;
}

async function answerState(emulator: Emulator, request: Request): Promise<Response> {
  const { configurations, sessions, faults, requests, violations, experiments, events } = emulator;
  const state: ControlState = {
    // To the second, so that it is the same from one poll to the next.
    clockOffsetMs: Math.round((emulator.now() - Date.now()) / 1_000) * 1_000,
    configurations,
    sessionCount: sessions.length,
    sessions: sessions.slice(-MAX_SESSIONS),
    faults: faults.map(toPendingFault),
    experiments,
    events: events.slice(-MAX_REQUESTS),
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
  return { ...fault, times: times === Infinity ? null : times };
}
