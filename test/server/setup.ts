import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import type { JsonValue } from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import type { AppConfigError } from '../../src/errors/index.ts';
import {
  createAppConfigHandler,
  type AppConfigHandler,
  type WaitUntil,
} from '../../src/entries/server.ts';
import {
  createInPageAgentSource,
  createInPageSource,
  createStrictEmulator,
} from '../support/emulators.ts';
import { createManualClock } from '../support/manualClock.ts';

export const SHOP = { application: 'shop', environment: 'production' };
export const PATH = '/applications/shop/environments/production/configurations';
export const FLAGS = {
  'dark-mode': { enabled: true },
  'new-checkout': { enabled: true, maxItems: 20 },
  'secret-launch': { enabled: true, partner: 'Example Inc.' },
};

/** Options of a handler, except for what the situation brings. */
type HandlerOptions = Partial<Parameters<typeof createAppConfigHandler>[0]>;

/** A handler over an emulator, through the real SDK client or the Agent's route, in time moved by hand. */
export function setupHandler({
  upstream = 'data',
  ...options
}: HandlerOptions & { upstream?: 'data' | 'agent' } = {}) {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ multiVariantFlags, clock });
  const errors: AppConfigError[] = [];
  const underWay: Promise<unknown>[] = [];
  const deploy = (content: JsonValue, versionLabel?: string) =>
    emulator.deploy({ ...SHOP, profile: 'flags', content, versionLabel });
  deploy(FLAGS, 'v1');
  const handler = createAppConfigHandler({
    ...SHOP,
    source: upstream === 'data' ? createInPageSource(emulator) : createInPageAgentSource(emulator),
    profiles: { flags: { allow: ['dark-mode', 'new-checkout'] } },
    clock,
    random: () => 0,
    onError: (error) => errors.push(error),
    ...options,
  });
  return {
    clock,
    emulator,
    errors,
    deploy,
    handler,
    get: (path = '/flags', headers?: HeadersInit, method = 'GET') =>
      ask(handler, `${PATH}${path}`, headers, method, (promise) => underWay.push(promise)),
    /** Waits for what goes on after an answer. */
    settled: () => Promise.all(underWay),
    operations: () => emulator.requests.map(({ operation }) => operation),
  };
}

/** An answer with its body. */
export async function ask(
  handler: AppConfigHandler,
  path: string,
  headers: HeadersInit = {},
  method = 'GET',
  waitUntil?: WaitUntil,
) {
  const response = await handler(
    new Request(new URL(path, 'http://localhost'), { method, headers }),
    { waitUntil },
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  const encoding = response.headers.get('Content-Encoding');
  const text = new TextDecoder().decode(
    encoding === 'br'
      ? brotliDecompressSync(bytes)
      : encoding === 'gzip'
        ? gunzipSync(bytes)
        : bytes,
  );
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (): unknown => JSON.parse(text),
    bytes,
  };
}
