import { createConnection } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../src/entries/sources.ts';
import { createAppConfigHandler } from '../../src/entries/server.ts';
import { settle } from '../support/manualClock.ts';
import { ask, FLAGS, PATH, setupHandler, SHOP } from './setup.ts';

const VARIANTS = {
  version: '1',
  flags: { banner: { name: 'Banner' }, hidden: { name: 'Hidden' } },
  values: {
    banner: {
      _variants: [
        { name: 'pro', enabled: true, rule: '(eq $plan "pro")' },
        { name: 'jane', enabled: true, rule: '(eq $user "jane")' },
        { name: 'everybody', enabled: false },
      ],
    },
    hidden: { enabled: true },
  },
};

function setupAudiences(options: Parameters<typeof setupHandler>[0] = {}) {
  const situation = setupHandler({
    upstream: 'agent',
    profiles: { flags: { allow: ['banner'] } },
    ...options,
  });
  situation.deploy(VARIANTS, 'v1');
  return {
    ...situation,
    variantFor: async (headers?: HeadersInit) => (await situation.get('/flags', headers)).text,
  };
}

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

const EVERYBODY = '{"banner":{"_variant":"everybody","enabled":false}}';
const PRO = '{"banner":{"_variant":"pro","enabled":true}}';
const JANE = '{"banner":{"_variant":"jane","enabled":true}}';

describe('what a stranger asks for', () => {
  it.each([
    '/secrets',
    '/flags//',
    '//flags',
    '/flags%2f',
    '/./flags/../secrets',
    '/%2e%2e/configurations/secrets',
    '/flags%00',
    '/flags;secrets',
    '/Flags',
    '/__proto__',
    '/constructor',
    '/toString',
    '/hasOwnProperty',
    '/%E0%A4%A',
    `/${'x'.repeat(20_000)}`,
  ])('is not found where it is not listed: %s', async (path) => {
    const { get, operations } = setupHandler();
    expect((await get(path)).status).toBe(404);
    expect(operations()).toEqual([]);
  });

  it.each([
    '/applications/shop/environments/staging/configurations/flags',
    '/applications/other/environments/production/configurations/flags',
    `/prefix${PATH}/flags`,
    '/',
    '',
  ])('is not found in another application, environment or place: %s', async (path) => {
    const { handler } = setupHandler();
    expect((await ask(handler, path)).status).toBe(404);
  });

  it('is found however it is encoded, unless plain letters are percent-encoded', async () => {
    const { get, emulator } = setupHandler({ profiles: { 'a:b é': { allow: 'all' } } });
    emulator.deploy({ ...SHOP, profile: 'a:b é', content: {} });
    for (const spelt of ['/a:b%20%C3%A9', '/a%3ab%20%c3%a9', '/a%3Ab é']) {
      expect([spelt, (await get(spelt)).status]).toEqual([spelt, 200]);
    }
    // A rule of a CDN or of `authorize` that looks at the path would not see through it.
    expect((await get('/%61:b%20%C3%A9')).status).toBe(404);
  });

  it.each([
    'secret-launch',
    'dark-mode&flag=secret-launch',
    'unknown',
    '__proto__',
    'constructor',
    'toString',
    '',
  ])('is not found where the flag may not leave the server: ?flag=%s', async (flag) => {
    const { get } = setupHandler();
    const { status, text } = await get(`/flags?flag=${flag}`);
    expect(status).toBe(404);
    expect(text).not.toContain('Example Inc.');
  });

  it.each([
    [
      'too many flags',
      `/flags?${'flag=dark-mode&'.repeat(2)}${Array.from({ length: 101 }, (_, i) => `flag=f${i}`).join('&')}`,
    ],
    ['a flag that is too long', `/flags?flag=${'x'.repeat(129)}`],
  ])('is refused: %s', async (_, path) => {
    const { get } = setupHandler();
    expect((await get(path)).status).toBe(400);
  });

  it('never gets a flag that is not listed, in any encoding or by any method', async () => {
    const { get } = setupHandler();
    for (const accepted of ['', 'br', 'gzip']) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
        const { text, headers } = await get('/flags', { 'Accept-Encoding': accepted }, method);
        const all = text + JSON.stringify([...headers]);
        expect(all).not.toContain('secret-launch');
        expect(all).not.toContain('Example Inc.');
      }
    }
  });

  it('is decided by a function of the app, whose failure shows nothing', async () => {
    const { get, errors } = setupHandler({
      profiles: {
        flags: {
          allow: (key) => {
            if (key === 'new-checkout') throw new Error('database at 10.0.0.7 is away');
            return true;
          },
        },
      },
    });
    const { status, text } = await get();
    expect(status).toBe(503);
    expect(text).not.toContain('10.0.0.7');
    expect(errors).toHaveLength(1);
  });

  it('keeps keys of prototypes as data', async () => {
    const source = memorySource({
      flags: JSON.parse('{"__proto__":{"enabled":true},"constructor":{"enabled":false}}'),
    });
    const handler = createAppConfigHandler({
      ...SHOP,
      source,
      profiles: { flags: { allow: ['__proto__'] } },
    });
    expect((await ask(handler, `${PATH}/flags`)).text).toBe('{"__proto__":{"enabled":true}}');
    expect((await ask(handler, `${PATH}/flags?flag=constructor`)).status).toBe(404);
    expect(Object.prototype).not.toHaveProperty('enabled');
  });
});

describe('what a stranger says of themselves', () => {
  it('changes nothing unless it is accepted by name', async () => {
    const { variantFor, get, operations } = setupAudiences();
    expect(await variantFor({ Context: 'plan=pro', 'Entity-Id': 'jane' })).toBe(EVERYBODY);
    expect((await get()).headers.get('Cache-Control')).toContain('public');
    expect(operations()).toHaveLength(1);
  });

  it('is taken only by the accepted keys', async () => {
    const { variantFor } = setupAudiences({ acceptContext: ['plan'] });
    expect(await variantFor({ Context: 'plan=pro' })).toBe(PRO);
    expect(await variantFor({ Context: 'user=jane' })).toBe(EVERYBODY);
    expect(await variantFor({ Context: '__proto__=pro, constructor=pro' })).toBe(EVERYBODY);
  });

  it('is outranked by what the server knows', async () => {
    const { variantFor } = setupAudiences({
      acceptContext: ['plan'],
      context: ({ headers }) => ({ plan: headers.get('Cookie') === 'paid' ? 'pro' : 'free' }),
    });
    expect(await variantFor({ Context: 'plan=pro' })).toBe(EVERYBODY);
    expect(await variantFor({ Context: 'plan=free', Cookie: 'paid' })).toBe(PRO);
  });

  it.each([
    ['a context that is too long', { Context: `plan=${'x'.repeat(5_000)}` }],
    ['a context that cannot be read', { Context: 'nonsense' }],
    ['a context without a key', { Context: '=pro' }],
    ['an entity that is too long', { 'Entity-Id': 'x'.repeat(2_049) }],
    ['no entity', { 'Entity-Id': '' }],
  ])('is refused: %s', async (_, headers) => {
    const { get, operations } = setupAudiences({ acceptContext: ['plan'], acceptEntityId: true });
    const { status, headers: answered } = await get('/flags', headers);
    expect([status, answered.get('Cache-Control')]).toEqual([400, 'no-store']);
    expect(operations()).toEqual([]);
  });

  it('cannot write a header upstream or downstream', async () => {
    const { variantFor, get } = setupAudiences({
      context: () => ({ plan: 'pro\r\nX-Evil: 1' }),
    });
    expect(await variantFor({})).toEqual(EVERYBODY);
    const { text, headers } = await get();
    expect([text.includes('Evil'), headers.has('X-Evil')]).toEqual([false, false]);
  });
});

describe('an answer for one person', () => {
  it('is never shared, even if it is the same for everybody', async () => {
    const { get } = setupAudiences({
      acceptContext: ['plan'],
      allowOrigins: ['https://shop.example'],
    });
    for (const headers of [{}, { Context: 'plan=pro' }]) {
      const { headers: answered } = await get('/flags', headers);
      expect(answered.get('Cache-Control')).toBe('private, no-cache, max-age=60');
      expect(answered.get('Vary')).toBe(
        'Accept-Encoding, Origin, Authorization, Context, Cookie, Entity-Id',
      );
    }
  });

  it('is never given to another, however many ask at once, and whichever were forgotten', async () => {
    const { variantFor } = setupAudiences({
      acceptContext: ['plan', 'user'],
      acceptEntityId: true,
      maxAudiences: 2,
    });
    const asked = [
      [{ Context: 'plan=pro' }, PRO],
      [{ Context: 'user=jane' }, JANE],
      [{ Context: 'user=jane,plan=free' }, JANE],
      [{ Context: 'plan=free, user=jane' }, JANE],
      [{ Context: 'plan=free' }, EVERYBODY],
      [{ 'Entity-Id': 'pro' }, EVERYBODY],
      [{}, EVERYBODY],
    ] as const;
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(asked.map(([headers]) => variantFor(headers)));
      expect(answers).toEqual(asked.map(([, expected]) => expected));
    }
  });

  it('is given to those whom the app lets in, and to nobody else', async () => {
    const { get, operations } = setupHandler({
      authorize: ({ headers }) => headers.get('Authorization') === 'Bearer good',
    });
    const nobody = await get();
    expect([nobody.status, nobody.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    expect((await get('/flags', { Authorization: 'Bearer bad' })).status).toBe(403);
    expect(operations()).toEqual([]);
    const { status, headers } = await get('/flags', { Authorization: 'Bearer good' });
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'private, no-cache, max-age=60']);
    const unchanged = { 'If-None-Match': headers.get('ETag') ?? '' };
    expect((await get('/flags', unchanged)).status).toBe(401);
  });

  it.each([
    ['authorize', { authorize: () => Promise.reject(new Error('arn:aws:iam::123456789012:role')) }],
    ['context', { context: () => Promise.reject(new Error('arn:aws:iam::123456789012:role')) }],
  ])('is refused without a word of why when %s fails', async (_, options) => {
    const { get, errors } = setupHandler(options);
    const { status, text } = await get();
    expect([status, text.includes('arn')]).toEqual([500, false]);
    expect(errors).toHaveLength(1);
  });
});

describe('a function of the app', () => {
  it.each<[string, Parameters<typeof setupHandler>[0]]>([
    ['an undefined value of a context', { context: () => JSON.parse('{}') }],
    ['an empty entity', { entityId: () => '' }],
  ])('may leave open who asks: %s', async (_, options) => {
    const { get } = setupHandler(options);
    expect((await get()).status).toBe(200);
  });

  it('that returns an invalid context is the server’s fault, and is reported', async () => {
    const { get, errors } = setupHandler({ context: () => JSON.parse('{"age":[7]}') });
    const { status, text } = await get();
    expect([status, text.includes('age')]).toEqual([500, false]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('context["age"]'),
    ]);
  });

  it('is taken for a no unless it clearly says yes', async () => {
    const maybe = JSON.parse('"no"');
    expect((await setupHandler({ authorize: () => maybe }).get()).status).toBe(401);
    const { get } = setupHandler({ profiles: { flags: { allow: () => maybe } } });
    expect((await get()).text).toBe('{}');
  });

  it('that fails once is called again for the next request', async () => {
    let calls = 0;
    const { get } = setupHandler({
      profiles: {
        flags: {
          allow() {
            calls += 1;
            if (calls === 1) throw new Error('not yet');
            return true;
          },
        },
      },
    });
    expect((await get()).status).toBe(503);
    expect((await get()).status).toBe(200);
  });
});

describe('a handler with impossible options', () => {
  it.each<[string, Parameters<typeof setupHandler>[0]]>([
    ['profiles', { profiles: JSON.parse('{"flags":{}}') }],
    ['profiles', { profiles: JSON.parse('{"flags":{"allow":"dark-mode"}}') }],
    ['basePath', { basePath: 'flags' }],
    ['allowOrigins', { allowOrigins: ['https://shop.example/'] }],
    ['allowOrigins', { allowOrigins: JSON.parse('"https://shop.example"') }],
    ['allowCredentials', { allowOrigins: '*', allowCredentials: true }],
    ['pollIntervalInSeconds', { pollIntervalInSeconds: 1.5 }],
    ['pollIntervalInSeconds', { pollIntervalInSeconds: 0 }],
    ['maxAudiences', { maxAudiences: 0 }],
  ])('is refused when it is made: %s', (option, options) => {
    expect(() => setupHandler(options)).toThrow(option);
  });
});

describe('what upstream says when it fails', () => {
  it('stays on the server', async () => {
    const { get, emulator } = setupHandler();
    emulator.inject({ kind: 'error', status: 403, times: 100 });
    const { status, text, headers } = await get();
    expect(status).toBe(503);
    expect(text + JSON.stringify([...headers])).not.toMatch(/arn:|amazon|credential|token/i);
  });
});

describe('what upstream says', () => {
  it('about the interval is not passed on if it is impossible', async () => {
    const { get, clock, emulator, settled } = setupHandler();
    await get();
    emulator.inject({ kind: 'garbage', times: 1 });
    await clock.advance(60_000);
    await get();
    await settled();
    expect((await get()).headers.get('Cache-Control')).toContain('max-age=60,');
  });

  it.each(['v1\r\nX-Evil: 1', 'v\uD800', '日本 1'])(
    'as the label of a version cannot inject a header: %j',
    async (versionLabel) => {
      const source = {
        ...memorySource({ flags: FLAGS }),
        initial: undefined,
        subscribe: undefined,
      };
      const handler = createAppConfigHandler({
        ...SHOP,
        profiles: { flags: { allow: 'all' } },
        source: {
          name: 'labelled',
          getLatestConfiguration: async (...asked) => ({
            ...(await source.getLatestConfiguration(...asked)),
            versionLabel,
          }),
        },
      });
      for (let turn = 0; turn < 2; turn += 1) {
        const { status, headers } = await ask(handler, `${PATH}/flags`);
        expect([status, headers.has('X-Evil')]).toEqual([200, false]);
        expect(headers.get('Configuration-Version')).toMatch(/^[\da-f]{12}$|^[^\r\n]+$/);
      }
    },
  );

  it('last is what is served, though an older version took longer to encode', async () => {
    const source = memorySource({ flags: { a: { enabled: true } } });
    const handler = createAppConfigHandler({
      ...SHOP,
      source,
      profiles: { flags: { allow: 'all' } },
    });
    const underWay: Promise<unknown>[] = [];
    const platform = { waitUntil: (promise: Promise<unknown>) => underWay.push(promise) };
    const get = () => ask(handler, `${PATH}/flags`, {}, 'GET', platform.waitUntil);
    await get();
    const large = Array.from({ length: 50_000 }, (_, index) => [
      `f${index}`,
      { enabled: true, index },
    ]);
    for (const document of [Object.fromEntries(large), { a: { enabled: false } }]) {
      source.set('flags', document);
      await get();
      await settle();
      await get();
    }
    while (underWay.length > 0) await underWay.pop();
    await get();
    while (underWay.length > 0) await underWay.pop();
    expect((await get()).text).toBe('{"a":{"enabled":false}}');
  });
});

describe('many strangers', () => {
  it('leave no subscription behind when they are evicted', async () => {
    let followers = 0;
    const source = memorySource({ flags: FLAGS });
    const handler = createAppConfigHandler({
      ...SHOP,
      acceptEntityId: true,
      maxAudiences: 5,
      profiles: { flags: { allow: 'all' } },
      source: {
        ...source,
        subscribe() {
          followers += 1;
          return () => {
            followers -= 1;
          };
        },
      },
    });
    for (let index = 0; index < 100; index += 1) {
      await ask(handler, `${PATH}/flags`, { 'Entity-Id': `e${index}` });
    }
    expect(followers).toBe(6);
  });

  it('cannot cause upstream requests for flags that do not exist', async () => {
    const { get, operations } = setupAudiences({
      profiles: { flags: { allow: 'all' } },
      acceptContext: ['plan'],
    });
    for (let index = 0; index < 20; index += 1) {
      const { status } = await get(`/flags?flag=unknown-${index}`, { Context: 'plan=pro' });
      expect(status).toBe(404);
    }
    expect(operations()).toHaveLength(1);
    expect((await get('/flags?flag=banner', { Context: 'plan=pro' })).json()).toEqual({
      _variant: 'pro',
      enabled: true,
    });
  });

  it('cannot fill the memory, whatever they ask for', async () => {
    const { get, operations } = setupAudiences({
      profiles: { flags: { allow: 'all' } },
      acceptEntityId: true,
      maxAudiences: 10,
    });
    await get();
    for (let index = 0; index < 500; index += 1) {
      await get(`/flags?flag=banner&flag=unknown-${index}&cache-buster=${index}`);
      await get(`/flags-${index}`);
    }
    expect(operations()).toHaveLength(1);
    for (let index = 0; index < 50; index += 1) await get('/flags', { 'Entity-Id': `e${index}` });
    await get('/flags', { 'Entity-Id': 'e49' });
    expect(operations()).toHaveLength(51);
    await get('/flags', { 'Entity-Id': 'e0' });
    expect(operations()).toHaveLength(52);
  });

  it('who read slowly keep nobody waiting', async () => {
    const large = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`flag-${index}`, { enabled: true, index }]),
    );
    const handler = createAppConfigHandler({
      ...SHOP,
      source: memorySource({ flags: { ...large, ...FLAGS } }),
      profiles: { flags: { allow: 'all' } },
    });
    const port = await new Promise<number>((resolve) => {
      const server = serve({ fetch: handler, port: 0, hostname: '127.0.0.1' }, (info) =>
        resolve(info.port),
      );
      closing.push(() => server.close());
    });
    const slow = Array.from({ length: 50 }, () => {
      const socket = createConnection(port, '127.0.0.1');
      socket.pause();
      socket.write(`GET ${PATH}/flags HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return socket;
    });
    const answer = await fetch(`http://127.0.0.1:${port}${PATH}/flags`);
    expect(Object.keys(Object(await answer.json()))).toHaveLength(20_003);
    for (const socket of slow) socket.destroy();
  });
});
