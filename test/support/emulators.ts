import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import {
  createEmulator,
  emulatorRequestHandler,
  type Emulator,
  type EmulatorOptions,
} from '../../src/emulator/index.ts';
import type { ConfigurationSource } from '../../src/session/index.ts';
import { agentSource, type AgentSourceOptions } from '../../src/sources/agent/index.ts';
import { appConfigDataSource } from '../../src/sources/appconfigdata/index.ts';

const emulators = new Set<Emulator>();

/** An emulator whose clients must not break a rule: the suite fails if one does. */
export function createStrictEmulator(options?: EmulatorOptions): Emulator {
  const emulator = createEmulator(options);
  emulators.add(emulator);
  return emulator;
}

/** What the strict emulators saw since this was last asked. */
export function takeProtocolReport() {
  const seen = [...emulators];
  emulators.clear();
  return {
    violations: seen.flatMap((emulator) => emulator.violations),
    requests: seen.reduce((sum, emulator) => sum + emulator.requests.length, 0),
  };
}

export const TEST_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The real AWS SDK client, wired to an emulator without a network. */
function createInPageClient(emulator: Pick<Emulator, 'fetch'>): AppConfigDataClient {
  return new AppConfigDataClient({
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    requestHandler: emulatorRequestHandler(emulator),
  });
}

let pendingCalls = 0;

/** How many calls of {@link createInPageSource}s wait for their answers. */
export function countPendingCalls(): number {
  return pendingCalls;
}

async function countPending<Answer>(call: Promise<Answer>): Promise<Answer> {
  pendingCalls += 1;
  try {
    return await call;
  } finally {
    pendingCalls -= 1;
  }
}

/** The source over {@link createInPageClient}. */
export function createInPageSource(
  emulator: Pick<Emulator, 'fetch'>,
  sourceName?: string,
): ConfigurationSource {
  const source = appConfigDataSource(createInPageClient(emulator), { name: sourceName });
  return {
    name: source.name,
    getLatestConfiguration: (...request) => countPending(source.getLatestConfiguration(...request)),
  };
}

/** The Agent's route of an emulator, or a handler of our own, without a network. */
export function createInPageAgentSource(
  { fetch: answer }: { fetch: (request: Request) => Response | Promise<Response> },
  options?: Omit<AgentSourceOptions, 'fetch'>,
): ConfigurationSource {
  return agentSource({
    ...options,
    // A signal of another realm, such as jsdom's, would not be accepted.
    fetch: (input, { headers = {} } = {}) =>
      countPending(
        Promise.resolve(
          answer(new Request(new URL(String(input), 'http://localhost'), { headers })),
        ),
      ),
  });
}

/** A source that remembers every token that it hands on to a poll. */
export function rememberTokens(source: ConfigurationSource) {
  const tokens = new Set<string>();
  const remember = (token: string | undefined) => token !== undefined && tokens.add(token);
  const remembering: ConfigurationSource = {
    name: source.name,
    async getLatestConfiguration(request, signal) {
      const answer = await source.getLatestConfiguration(request, signal);
      remember(answer.nextToken);
      return answer;
    },
  };
  return { source: remembering, tokens };
}
