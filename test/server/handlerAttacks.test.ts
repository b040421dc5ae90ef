import { createConnection } from 'node:net';
import { serve } from '@hono/node-server';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../src/entries/sources.ts';
import { createAppConfigHandler } from '../../src/entries/server.ts';
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
    profiles: { flags: { expose: ['banner'] } },
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
    '/flags/',
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

  it('is found in another spelling of the same names', async () => {
    const { handler } = setupHandler();
    const spelt = '/applications/%73hop/environments/production/configurations/flag%73';
    expect((await ask(handler, spelt)).status).toBe(200);
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
      'flags without end',
      `/flags?${'flag=dark-mode&'.repeat(2)}${Array.from({ length: 101 }, (_, i) => `flag=f${i}`).join('&')}`,
    ],
    ['a flag without end', `/flags?flag=${'x'.repeat(129)}`],
  ])('is refused: %s', async (_, path) => {
    const { get } = setupHandler();
    expect((await get(path)).status).toBe(400);
  });

  it('never gets a flag that is not listed, in no encoding and by no method', async () => {
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
          expose: (key) => {
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
      profiles: { flags: { expose: ['__proto__'] } },
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
    ['a context without end', { Context: `plan=${'x'.repeat(5_000)}` }],
    ['a context that is none', { Context: 'nonsense' }],
    ['a context without a key', { Context: '=pro' }],
    ['an entity without end', { 'Entity-Id': 'x'.repeat(2_049) }],
    ['no entity', { 'Entity-Id': '' }],
  ])('is refused: %s', async (_, headers) => {
    const { get, operations } = setupAudiences({ acceptContext: ['plan'], acceptEntityId: true });
    const { status, headers: answered } = await get('/flags', headers);
    expect([status, answered.get('Cache-Control')]).toEqual([400, 'no-store']);
    expect(operations()).toEqual([]);
  });

  it('cannot write a header upstream or downstream', async () => {
    const { get, emulator } = setupAudiences({
      context: () => ({ plan: 'pro\r\nX-Evil: 1' }),
    });
    const { status, text } = await get();
    expect([status, text.includes('Evil')]).toEqual([503, false]);
    expect(emulator.requests).toHaveLength(0);
  });
});

describe('an answer for one', () => {
  it('is never shared, be it for everybody', async () => {
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

describe('what upstream says when it fails', () => {
  it('stays on the server', async () => {
    const { get, emulator } = setupHandler();
    emulator.inject({ kind: 'error', status: 403, times: 100 });
    const { status, text, headers } = await get();
    expect(status).toBe(503);
    expect(text + JSON.stringify([...headers])).not.toMatch(/arn:|amazon|credential|token/i);
  });
});

describe('many strangers', () => {
  it('fill no memory, with whatever they ask for', async () => {
    const { get, operations } = setupAudiences({
      profiles: { flags: { expose: 'all' } },
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
      profiles: { flags: { expose: 'all' } },
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
