import { DataApi, type DataApiAnswer, type DataApiCall } from './dataApi.ts';
import type {
  Emulator,
  EmulatorOptions,
  EmulatorRequest,
  Fault,
  Violation,
} from './emulatorTypes.ts';
import { injectedError, ServiceError } from './serviceError.ts';
import { tokenName } from './tokens.ts';

const DEFAULT_INTERVAL_IN_SECONDS = 60;
const DEFAULT_HISTORY_LENGTH = 1_000;
const GARBAGE = '{"this is": not what was deployed';

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
  let faults: readonly Fault[] = [];
  let requestCount = 0;

  const time = () => now() + offsetMs;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const api = new DataApi(
    time,
    (rule, token) => {
      const violation = { rule, token: token && tokenName(token), at: Math.round(time()) };
      violations = [...violations, violation].slice(-historyLength);
    },
    options.pollIntervalInSeconds ?? DEFAULT_INTERVAL_IN_SECONDS,
  );

  function takeFault({ operation }: DataApiCall): Fault | undefined {
    const fault = faults.find((candidate) => {
      const struck = candidate.kind === 'expired' ? 'GetLatestConfiguration' : candidate.operation;
      return (struck ?? operation) === operation;
    });
    if (!fault) return undefined;
    const times = (fault.times ?? 1) - 1;
    const rest = faults.map((other) => (other === fault ? { ...fault, times } : other));
    faults = rest.filter((other) => (other.times ?? 1) > 0);
    return fault;
  }

  async function respond(request: Request, entry: MutableEntry): Promise<Response> {
    try {
      const call = api.route(request);
      entry.operation = call.operation;
      entry.token = call.token && tokenName(call.token);
      const fault = takeFault(call);
      entry.fault = fault?.kind;
      // The answer to the token is then the refusal that the fault asks for.
      if (fault?.kind === 'expired' && call.token) api.sessions.end(call.token);
      // Served first even if the answer is lost: a token that went out is spent.
      const answer = await call.answer();
      entry.nextToken = answer.nextToken;
      entry.version = answer.version;
      entry.contentBytes = answer.contentBytes ?? 0;
      return await (fault ? spoil(answer, fault) : answer.response);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      entry.error = error.type;
      return errorResponse(error);
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
      api.store.deploy(deployment);
      changed();
    },
    advance(ms) {
      offsetMs += ms;
      changed();
    },
    inject(fault) {
      faults = [...faults, fault];
      changed();
    },
    clearFaults() {
      faults = [];
      changed();
    },
    expireSessions() {
      api.sessions.end();
      changed();
    },
    now: time,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
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
  token: undefined,
  nextToken: undefined,
  error: undefined,
  version: undefined,
  fault: undefined,
};

function createClock({ clock }: EmulatorOptions): () => number {
  if (clock) return () => clock.now();
  // A clock that cannot jump: poll intervals are checked to the millisecond.
  const startedAt = Date.now() - performance.now();
  return () => startedAt + performance.now();
}

async function spoil({ response }: DataApiAnswer, fault: Fault): Promise<Response> {
  switch (fault.kind) {
    case 'error':
      throw injectedError(fault.status, fault.retryAfterInSeconds);
    case 'reset':
      throw new TypeError('The connection was reset by an injected fault.');
    case 'expired':
      // The token was refused before there was an answer to spoil.
      return response;
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return response;
    case 'garbage':
      return new Response(GARBAGE, { status: response.status, headers: response.headers });
    case 'headers':
      for (const [name, value] of Object.entries(fault.headers)) {
        if (value === null) response.headers.delete(name);
        else response.headers.set(name, value);
      }
      return response;
  }
}

function errorResponse({ status, type, message, members, headers }: ServiceError): Response {
  return Response.json(
    { Message: message, ...members },
    { status, headers: { ...headers, 'x-amzn-errortype': type } },
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
