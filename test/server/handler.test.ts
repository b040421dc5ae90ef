import { describe, expect, it } from 'vitest';
import { createInPageAgentSource } from '../support/emulators.ts';
import { ConfigurationSession } from '../../src/entries/session.ts';
import { ask, FLAGS, PATH, setupHandler, SHOP } from './setup.ts';

const VISIBLE = { 'dark-mode': { enabled: true }, 'new-checkout': { enabled: true, maxItems: 20 } };
const LARGE = Object.fromEntries(
  Array.from({ length: 100 }, (_, index) => [`flag-${index}`, { enabled: true, index }]),
);

describe('createAppConfigHandler', () => {
  it('gives everybody the same answer: the flags that may leave the server, and their version', async () => {
    const { get } = setupHandler();
    const { status, headers, json, bytes } = await get();
    expect(status).toBe(200);
    expect(json()).toEqual(VISIBLE);
    expect(Object.fromEntries(headers)).toEqual({
      'cache-control':
        'public, max-age=60, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400',
      'configuration-version': 'v1',
      'content-length': `${bytes.byteLength}`,
      'content-type': 'application/json',
      etag: expect.stringMatching(/^"[\da-f]{32}"$/),
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
  });

  it('holds one upstream session for any number of requests', async () => {
    const { get, clock, operations } = setupHandler();
    await Promise.all(Array.from({ length: 100 }, () => get()));
    await clock.advance(59_000);
    await get();
    expect(operations()).toEqual(['StartConfigurationSession', 'GetLatestConfiguration']);
  });

  it('answers from memory while a due poll runs, and with its version afterwards', async () => {
    const { get, settled, clock, deploy, operations } = setupHandler();
    const first = await get();
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } }, 'v2');
    await clock.advance(60_000);
    const during = await Promise.all([get(), get()]);
    expect(during.map(({ text }) => text)).toEqual([first.text, first.text]);
    await settled();
    const after = await get();
    expect(after.json()).toEqual({ ...VISIBLE, 'dark-mode': { enabled: false } });
    expect(after.headers.get('Configuration-Version')).toBe('v2');
    expect(after.headers.get('ETag')).not.toBe(first.headers.get('ETag'));
    expect(operations().slice(2)).toEqual(['GetLatestConfiguration']);
  });

  it('tells shared caches how long there can be nothing new', async () => {
    const { get, clock } = setupHandler();
    await get();
    await clock.advance(45_000);
    expect((await get()).headers.get('Cache-Control')).toMatch(/max-age=60, s-maxage=15,/);
  });

  it('answers 304 to clients that have the version, in any encoding', async () => {
    const { get, deploy } = setupHandler({ profiles: { flags: { allow: 'all' } } });
    deploy(LARGE);
    const { headers } = await get();
    const etag = headers.get('ETag') ?? '';
    const br = etag.replace(/"$/, '-br"');
    for (const [known, matched] of [
      [etag, etag],
      [`W/${etag}`, etag],
      [br, br],
      [`"other", ${br}`, br],
      ['*', etag],
    ] as const) {
      const { status, bytes, headers: of304 } = await get('/flags', { 'If-None-Match': known });
      expect([known, status, bytes.byteLength]).toEqual([known, 304, 0]);
      expect(of304.get('ETag')).toBe(matched);
      expect(of304.get('Cache-Control')).toBe(headers.get('Cache-Control'));
      expect(of304.get('Vary')).toBe(headers.get('Vary'));
      expect(of304.has('Content-Type')).toBe(false);
    }
    for (const other of ['"other"', etag.replace(/"$/, '-other"'), `"more${etag}`]) {
      expect((await get('/flags', { 'If-None-Match': other })).status).toBe(200);
    }
  });

  it('encodes each version once, and chooses what the client takes', async () => {
    const { get, deploy } = setupHandler({ profiles: { flags: { allow: 'all' } } });
    deploy(LARGE);
    const answers = await Promise.all(
      ['', 'gzip, deflate, br', 'gzip', 'br;q=0, gzip', 'identity'].map((accepted) =>
        get('/flags', { 'Accept-Encoding': accepted }),
      ),
    );
    expect(answers.map(({ headers }) => headers.get('Content-Encoding'))).toEqual([
      null,
      'br',
      'gzip',
      'gzip',
      null,
    ]);
    for (const { json, headers, bytes } of answers) {
      expect(json()).toEqual(LARGE);
      expect(headers.get('Content-Length')).toBe(`${bytes.byteLength}`);
    }
    expect(new Set(answers.map(({ headers }) => headers.get('ETag'))).size).toBe(3);
  });

  it('answers HEAD as GET without a body, OPTIONS with what is allowed, and nothing else', async () => {
    const { get } = setupHandler();
    const whole = await get();
    const head = await get('/flags', {}, 'HEAD');
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers));
    expect(head.bytes.byteLength).toBe(0);
    const options = await get('/flags', {}, 'OPTIONS');
    expect([options.status, options.headers.get('Allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const { status, headers } = await get('/flags', {}, method);
      expect([status, headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
  });

  it('answers one flag with its value, and several with a map, as the Agent does', async () => {
    const { get } = setupHandler();
    expect((await get('/flags?flag=new-checkout')).json()).toEqual(FLAGS['new-checkout']);
    expect((await get('/flags?flag=new-checkout&flag=dark-mode')).json()).toEqual(VISIBLE);
  });

  it('passes on freeform content as it is', async () => {
    const { get, emulator } = setupHandler({ profiles: { page: { allow: 'all' } } });
    const content = '<h1>Tröt</h1>';
    emulator.deploy({ ...SHOP, profile: 'page', content, contentType: 'text/html; charset=utf-8' });
    const { text, headers } = await get('/page');
    expect(text).toBe(content);
    expect(headers.get('Content-Type')).toBe('text/html; charset=utf-8');
  });

  it('lets the pages of listed origins read the answers, and caches keep them apart', async () => {
    const { get } = setupHandler({
      allowOrigins: ['https://shop.example'],
      allowCredentials: true,
    });
    const allowed = await get('/flags', { Origin: 'https://shop.example' });
    expect(allowed.headers.get('Access-Control-Allow-Origin')).toBe('https://shop.example');
    expect(allowed.headers.get('Access-Control-Allow-Credentials')).toBe('true');
    expect(allowed.headers.get('Access-Control-Expose-Headers')).toContain('ETag');
    for (const headers of [{ Origin: 'https://evil.example' }, {}]) {
      const refused = await get('/flags', headers);
      expect(refused.headers.has('Access-Control-Allow-Origin')).toBe(false);
      expect(refused.headers.get('Vary')).toContain('Origin');
    }
    const preflight = await get('/flags', { Origin: 'https://shop.example' }, 'OPTIONS');
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Context');
    const { get: getOpen } = setupHandler({ allowOrigins: '*' });
    const open = await getOpen('/flags', { Origin: 'https://any.example' });
    expect(open.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(open.headers.get('Vary')).toBe('Accept-Encoding');
  });

  it('stands below a path of its own', async () => {
    const { handler } = setupHandler({ basePath: '/flags/' });
    expect((await ask(handler, `/flags${PATH}/flags`)).status).toBe(200);
    expect((await ask(handler, `${PATH}/flags`)).status).toBe(404);
  });

  it('keeps the platform awake for as long as a poll is under way', async () => {
    const { handler, clock, operations } = setupHandler();
    const request = () => new Request(`http://localhost${PATH}/flags`);
    await handler(request());
    await clock.advance(60_000);
    const waited: Promise<unknown>[] = [];
    class Platform {
      #waited = waited;
      waitUntil(promise: Promise<unknown>) {
        this.#waited.push(promise);
      }
    }
    await handler(request(), undefined, new Platform());
    await Promise.all(waited);
    expect(operations()).toHaveLength(3);
  });

  it('is read by agentSource: unchanged answers without a body, at the interval that it names', async () => {
    const { handler, clock, deploy } = setupHandler();
    const statuses: number[] = [];
    const underWay: Promise<unknown>[] = [];
    const platform = { waitUntil: (promise: Promise<unknown>) => underWay.push(promise) };
    const source = createInPageAgentSource({
      fetch: async (request) => {
        const response = await handler(request, platform);
        statuses.push(response.status);
        return response;
      },
    });
    const session = new ConfigurationSession({
      ...SHOP,
      profile: 'flags',
      source,
      clock,
      random: () => 0,
      decode: ({ bytes }) => new TextDecoder().decode(bytes),
    });
    await session.poll();
    await clock.advance(60_000);
    await session.poll();
    await Promise.all(underWay);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } }, 'v2');
    await clock.advance(60_000);
    await session.poll();
    await Promise.all(underWay);
    expect(statuses).toEqual([200, 304, 304]);
    // A client that was answered just as a poll went out comes back for its result.
    expect(session.msUntilNextPoll).toBe(5_000);
    await clock.advance(5_000);
    await session.poll();
    expect(statuses).toEqual([200, 304, 304, 200]);
    expect(session.last?.versionLabel).toBe('v2');
    expect(session.msUntilNextPoll).toBe(60_000);
  });
});

describe('a handler whose upstream fails', () => {
  it('keeps serving the last good version, without a wait, and recovers', async () => {
    const { get, settled, clock, emulator, deploy, errors } = setupHandler();
    const { text } = await get();
    emulator.inject({ kind: 'error', status: 503, times: 1_000 });
    for (let minute = 0; minute < 30; minute += 1) {
      await clock.advance(60_000);
      const answer = await get();
      expect([answer.status, answer.text]).toEqual([200, text]);
      await settled();
    }
    expect(errors.length).toBeGreaterThan(3);
    emulator.clearFaults();
    deploy({ 'dark-mode': { enabled: false } }, 'v2');
    await clock.advance(60_000);
    await get();
    await settled();
    expect((await get()).json()).toEqual({ 'dark-mode': { enabled: false } });
  });

  it('says when to retry if there is no good version at all, but not why', async () => {
    const { get, emulator, errors, operations } = setupHandler();
    emulator.inject({ kind: 'error', status: 500, times: 1_000 });
    const answers = await Promise.all([get(), get(), get()]);
    for (const { status, headers, text } of answers) {
      expect(status).toBe(503);
      expect(Number(headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(text).toBe('ServiceUnavailableException: There is no configuration yet.');
    }
    expect(errors).toHaveLength(1);
    const asked = operations().length;
    await get();
    expect(operations()).toHaveLength(asked);
  });

  it('answers 404 for a profile that may be asked for and does not exist', async () => {
    const { get, errors } = setupHandler({ profiles: { flogs: { allow: 'all' } } });
    expect((await get('/flogs')).status).toBe(404);
    expect(errors.map(({ code }) => code)).toEqual(['ResourceNotFound']);
  });

  it('keeps the last good version when a new one is broken, or holds no flags', async () => {
    const { get, settled, clock, emulator, errors } = setupHandler();
    const { text } = await get();
    for (const content of ['{"broken":', '["no flags"]']) {
      emulator.deploy({ ...SHOP, profile: 'flags', content, contentType: 'application/json' });
      await clock.advance(60_000);
      await get();
      await settled();
      expect((await get()).text).toBe(text);
    }
    expect(errors.map(({ code }) => code)).toEqual(['MalformedContent', 'NotFeatureFlags']);
  });
});
