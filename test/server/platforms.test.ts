import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serveEmulator } from '../../src/emulator/node/index.ts';
import type { AppConfigError } from '../../src/errors/index.ts';
import { agentSource } from '../../src/entries/agent.ts';
import { appConfigDataSource } from '../../src/entries/appconfigdata.ts';
import { createAppConfigHandler, createAppConfigServer } from '../../src/entries/server.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import {
  createInPageAgentSource,
  createStrictEmulator,
  TEST_CREDENTIALS,
} from '../support/emulators.ts';
import { createManualClock, settle } from '../support/manualClock.ts';
import { ask, FLAGS, PATH, setupHandler, SHOP } from './setup.ts';

const answerOf = (flags: object, nextToken = '"1"') => ({
  configuration: new TextEncoder().encode(JSON.stringify(flags)),
  contentType: 'application/json',
  nextToken,
  nextPollIntervalInSeconds: 60,
});

/** A source whose answers are dropped, as those of a platform are that ends with its request. */
function droppingSource() {
  let isDropping = false;
  let version = 1;
  let asked = 0;
  const source: ConfigurationSource = {
    name: 'dropping',
    getLatestConfiguration: () => {
      asked += 1;
      if (isDropping) return new Promise(() => {});
      return Promise.resolve(answerOf({ 'dark-mode': { enabled: true, version } }, `"${version}"`));
    },
  };
  return {
    source,
    drop: (next: boolean) => {
      isDropping = next;
    },
    deploy: () => {
      version += 1;
    },
    asked: () => asked,
  };
}

/** A clock whose timers never fire, as those of a request that is over. */
function createClockWithoutTimers() {
  return { ...createManualClock(), schedule: () => () => {} };
}

describe('a platform that drops what goes on after an answer', () => {
  it('costs one poll, and not all later ones', async () => {
    const clock = createClockWithoutTimers();
    const { source, drop, deploy, asked } = droppingSource();
    const { getFlag } = createAppConfigServer({
      ...SHOP,
      source,
      clock,
      flags: 'flags',
      random: () => 0,
    });
    await getFlag('dark-mode');
    drop(true);
    await clock.advance(60_000);
    expect(await getFlag('dark-mode')).toMatchObject({ version: 1 });
    drop(false);
    deploy();
    await clock.advance(60_000);
    await getFlag('dark-mode');
    await clock.advance(0);
    expect(await getFlag('dark-mode')).toMatchObject({ version: 2 });
    expect(asked()).toBe(3);
  });

  it('is waited for by the next request, once it has dropped one', async () => {
    const clock = createClockWithoutTimers();
    const { source, drop, deploy } = droppingSource();
    const handler = createAppConfigHandler({
      ...SHOP,
      source,
      clock,
      random: () => 0,
      profiles: { flags: { allow: 'all' } },
    });
    const versionOf = async () => (await ask(handler, `${PATH}/flags`)).json();
    expect(await versionOf()).toMatchObject({ 'dark-mode': { version: 1 } });
    drop(true);
    await clock.advance(60_000);
    expect(await versionOf()).toMatchObject({ 'dark-mode': { version: 1 } });
    drop(false);
    for (const version of [2, 3]) {
      deploy();
      await clock.advance(61_000);
      expect(await versionOf()).toMatchObject({ 'dark-mode': { version } });
    }
  });

  it('does not keep those waiting who come after a first poll that was dropped', async () => {
    const clock = createClockWithoutTimers();
    const { source, drop } = droppingSource();
    drop(true);
    const handler = createAppConfigHandler({
      ...SHOP,
      source,
      clock,
      profiles: { flags: { allow: 'all' } },
    });
    for (let visitor = 0; visitor < 1_001; visitor += 1) void ask(handler, `${PATH}/flags`);
    await clock.advance(120_000);
    drop(false);
    expect((await ask(handler, `${PATH}/flags`)).status).toBe(200);
  });

  it('is kept awake by a waitUntil that is given to a reading', async () => {
    const clock = createManualClock();
    const { source } = droppingSource();
    const { getFlag, getConfiguration } = createAppConfigServer({
      ...SHOP,
      source,
      clock,
      flags: 'flags',
      random: () => 0,
    });
    const awaited: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>) => void awaited.push(promise);
    await getFlag('dark-mode', { waitUntil });
    await clock.advance(60_000);
    await getFlag('dark-mode', { waitUntil });
    await settle();
    await clock.advance(60_000);
    await getConfiguration('flags', { waitUntil });
    expect(awaited).toHaveLength(3);
  });
});

describe('an address', () => {
  it('with a slash at the end is the same address', async () => {
    const { handler } = setupHandler({ basePath: '/flags' });
    expect((await ask(handler, `/flags${PATH}/flags/`)).status).toBe(200);
    expect((await ask(handler, `/flags${PATH}/flags/?flag=dark-mode`)).status).toBe(200);
    expect((await ask(handler, `/flags${PATH}/flags//`)).status).toBe(404);
  });
});

describe('a page whose monitoring adds headers', () => {
  it('may send them, if its origin is allowed', async () => {
    const { get } = setupHandler({ allowOrigins: ['https://shop.example'] });
    const preflight = (wanted: string, origin = 'https://shop.example') =>
      get('/flags', { Origin: origin, 'Access-Control-Request-Headers': wanted }, 'OPTIONS');
    const wanted = 'baggage,sentry-trace,traceparent,x-datadog-origin';
    const { headers } = await preflight(wanted);
    expect(headers.get('Access-Control-Allow-Headers')).toContain(wanted);
    expect(headers.get('Access-Control-Allow-Headers')).toContain('If-None-Match');
    expect(headers.get('Vary')).toContain('Access-Control-Request-Headers');
    for (const strange of ['x'.repeat(2_000), 'a: b', 'ä']) {
      const refused = await preflight(strange);
      expect(refused.headers.get('Access-Control-Allow-Headers')).not.toContain(strange);
    }
    const other = await preflight(wanted, 'https://evil.example');
    expect(other.headers.has('Access-Control-Allow-Origin')).toBe(false);
  });
});

describe('a kept connection that was reset while the process was frozen', () => {
  const servers: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  /** An emulator behind a proxy that resets each connection that has been used and is used again. */
  async function startResettingProxy() {
    const emulator = createStrictEmulator();
    const deploy = (version: number) =>
      emulator.deploy({ ...SHOP, profile: 'flags', content: { a: { enabled: true, version } } });
    deploy(1);
    const upstream = await serveEmulator(emulator);
    const { port } = new URL(upstream.url);
    let resets = 0;
    const proxy = createServer();
    proxy.removeAllListeners('connection');
    proxy.on('connection', (client: Socket) => {
      const up = connect(Number(port), '127.0.0.1');
      let isFrozen = false;
      client.on('data', (chunk) => {
        if (isFrozen) {
          resets += 1;
          client.resetAndDestroy();
          up.destroy();
          return;
        }
        up.write(chunk);
      });
      up.on('data', (chunk) => client.write(chunk));
      up.on('error', () => client.destroy());
      client.on('error', () => up.destroy());
      frozen.push(() => {
        isFrozen = true;
      });
    });
    const frozen: (() => void)[] = [];
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    servers.push(upstream, closing(proxy));
    const address = proxy.address();
    return {
      emulator,
      deploy,
      url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
      freeze: () => {
        for (const each of frozen.splice(0)) each();
      },
      resets: () => resets,
    };
  }

  it.each([
    [
      'the AWS SDK',
      (endpoint: string) =>
        appConfigDataSource({ region: 'us-east-1', endpoint, credentials: TEST_CREDENTIALS }),
    ],
    ['the Agent', (endpoint: string) => agentSource({ endpoint })],
  ])('is no outage: eight readings through %s show eight versions', async (_, sourceOf) => {
    const { deploy, url, freeze, resets } = await startResettingProxy();
    const clock = createManualClock();
    const errors: AppConfigError[] = [];
    const { getFlag } = createAppConfigServer({
      ...SHOP,
      source: sourceOf(url),
      flags: 'flags',
      clock: {
        ...clock,
        schedule: (callback, delayMs) => {
          const timeout = setTimeout(callback, delayMs);
          return () => clearTimeout(timeout);
        },
      },
      onError: (error) => errors.push(error),
    });
    const seen: unknown[] = [];
    for (let version = 1; version <= 8; version += 1) {
      deploy(version);
      freeze();
      seen.push(Reflect.get(await getFlag('a'), 'version'));
      clock.sleep(10 * 60_000);
    }
    expect(errors).toEqual([]);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(resets()).toBeGreaterThan(0);
  });
});

function closing(server: Server) {
  return {
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('an upstream that asks to be left alone for years', () => {
  it('is asked again after an hour at most', async () => {
    const clock = createManualClock();
    const answers = [
      new Response('maintenance', { status: 503, headers: { 'Retry-After': '99999999' } }),
      new Response('{}', {
        headers: { 'Configuration-Version': '1', 'Content-Type': 'application/json' },
      }),
    ];
    const handler = createAppConfigHandler({
      ...SHOP,
      clock,
      source: createInPageAgentSource({ fetch: () => answers.shift() ?? Response.error() }),
      profiles: { flags: { allow: 'all' } },
      random: () => 0,
      onError: () => {},
    });
    const get = () => ask(handler, `${PATH}/flags`);
    const { status, headers } = await get();
    expect(status).toBe(503);
    expect(Number(headers.get('Retry-After'))).toBeLessThanOrEqual(3_600);
    await clock.advance(3_600_000);
    expect((await get()).status).toBe(200);
  });
});

describe('what a stranger says of itself', () => {
  it('is refused, and nothing is reported, if it is too long as UTF-8', async () => {
    const { get, errors } = setupHandler({ upstream: 'agent', acceptEntityId: true });
    expect((await get('/flags', { 'Entity-Id': '\xFF'.repeat(2_048) })).status).toBe(400);
    expect((await get('/flags', { 'Entity-Id': 'a'.repeat(2_048) })).status).toBe(200);
    const own = setupHandler({
      upstream: 'agent',
      entityId: ({ headers }) => headers.get('Cookie') ?? undefined,
    });
    expect((await own.get('/flags', { Cookie: 'x'.repeat(4_000) })).status).toBe(400);
    expect([...errors, ...own.errors]).toEqual([]);
  });

  it('is left out if a header cannot carry it, and no flag is lost', async () => {
    const errors: AppConfigError[] = [];
    const { get, settled } = setupHandler({
      upstream: 'agent',
      onError: (error) => errors.push(error),
      context: () => ({
        name: 'Last, First',
        agent: 'a\nb',
        age: 7,
        isAdmin: false,
        nobody: null,
        plan: 'pro',
      }),
    });
    const { status, json } = await get();
    expect([status, json()]).toEqual([
      200,
      { 'dark-mode': FLAGS['dark-mode'], 'new-checkout': FLAGS['new-checkout'] },
    ]);
    await get();
    await settled();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/context\["(name|agent)"\]/);
  });

  it('is text to the Agent, numbers and booleans too', async () => {
    const sent: (string | null)[] = [];
    const { getFlag } = createAppConfigServer({
      ...SHOP,
      flags: 'flags',
      source: agentSource({
        endpoint: 'http://agent.test',
        fetch: async (_, init) => {
          sent.push(new Headers(init?.headers).get('Context'));
          return new Response('{"a":{"enabled":true}}', {
            headers: { 'Configuration-Version': '1', 'Content-Type': 'application/json' },
          });
        },
      }),
    });
    await getFlag('a', { context: { age: 7, isAdmin: false, plan: null, name: 'Last, First' } });
    expect(sent).toEqual(['age=7, isAdmin=false']);
  });
});

describe('more people than there is room for sessions', () => {
  /** A handler over an Agent that answers everybody by what their entity ends with. */
  function setupPeople(options: Partial<Parameters<typeof createAppConfigHandler>[0]> = {}) {
    const clock = createManualClock();
    let asked = 0;
    let isDead = false;
    const errors: AppConfigError[] = [];
    const source = createInPageAgentSource({
      fetch: ({ headers }) => {
        asked += 1;
        if (isDead) return new Response('', { status: 500 });
        const group = headers.get('Entity-Id')?.at(-1) ?? 'everybody';
        const etag = `"${group}"`;
        if (headers.get('If-None-Match') === etag) {
          return new Response(null, { status: 304, headers: { ETag: etag } });
        }
        return new Response(JSON.stringify({ a: { enabled: true, group } }), {
          headers: {
            ETag: etag,
            'Configuration-Version': '1',
            'Content-Type': 'application/json',
          },
        });
      },
    });
    const handler = createAppConfigHandler({
      ...SHOP,
      source,
      clock,
      random: () => 0,
      profiles: { flags: { allow: 'all' } },
      acceptEntityId: true,
      onError: (error) => errors.push(error),
      ...options,
    });
    const get = (entity: string) => ask(handler, `${PATH}/flags`, { 'Entity-Id': entity });
    return {
      clock,
      get,
      groupOf: async (entity: string) => {
        const { status, text } = await get(entity);
        return status === 200 ? JSON.parse(text).a.group : status;
      },
      asked: () => asked,
      kill: () => {
        isDead = true;
      },
      errors,
    };
  }

  it('answers all who were answered before, each with their own, while upstream is dead', async () => {
    const { get, groupOf, clock, asked, kill } = setupPeople();
    for (let person = 0; person < 3_000; person += 1) await get(`person-${person}`);
    const before = asked();
    for (let person = 0; person < 3_000; person += 1) await get(`person-${person}`);
    expect(asked()).toBe(before);
    kill();
    await clock.advance(61_000);
    for (let person = 0; person < 3_000; person += 1) {
      expect(await groupOf(`person-${person}`)).toBe(`${person % 10}`);
    }
    await clock.advance(120_000);
    expect(await groupOf('person-7')).toBe('7');
  });

  it('goes on with the version that each has: an unchanged one is not sent again', async () => {
    const { get, groupOf, clock, errors } = setupPeople();
    await get('person-1');
    for (let interval = 0; interval < 3; interval += 1) {
      await clock.advance(61_000);
      expect(await groupOf('person-1')).toBe('1');
      await settle();
      expect(await groupOf('person-1')).toBe('1');
    }
    expect(errors).toEqual([]);
  });

  it('gives a newcomer of an outage what is the same for everybody, unless the app sets a context', async () => {
    const { get, groupOf, kill } = setupPeople();
    await get('person-1');
    await settle();
    kill();
    expect(await groupOf('nobody-knows-2')).toBe('everybody');
    const withContext = setupPeople({ context: () => ({ plan: 'pro' }) });
    await withContext.get('person-1');
    await settle();
    withContext.kill();
    expect(await withContext.groupOf('nobody-knows-2')).toBe(503);
  });

  it('keeps who came in two intervals through a burst of strangers', async () => {
    const { get, groupOf, clock, kill } = setupPeople({ maxAudiences: 100 });
    await get('regular-1');
    await clock.advance(61_000);
    await get('regular-1');
    for (let stranger = 0; stranger < 1_000; stranger += 1) await get(`stranger-${stranger}`);
    kill();
    expect(await groupOf('regular-1')).toBe('1');
    expect(await groupOf('stranger-0')).toBe('everybody');
  });
});
