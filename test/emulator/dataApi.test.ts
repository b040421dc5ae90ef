import { get as sendGet, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { serveEmulator, type EmulatorServer } from '../../src/emulator/node/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const START_BODY = {
  ApplicationIdentifier: 'shop',
  EnvironmentIdentifier: 'production',
  ConfigurationProfileIdentifier: 'flags',
};

function setup() {
  const emulator = createEmulator();
  emulator.deploy({ ...NAME, content: { a: { enabled: true } }, versionLabel: 'first' });
  const send = (path: string, init?: RequestInit) =>
    emulator.fetch(new Request(new URL(path, 'http://emulator'), init));
  const start = (body: unknown = START_BODY) =>
    send('/configurationsessions', {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (token: string) =>
    send(`/configuration?configuration_token=${encodeURIComponent(token)}`);
  const startedToken = async (body?: unknown) => {
    const answer: unknown = await (await start(body)).json();
    return typeof answer === 'object' && answer && 'InitialConfigurationToken' in answer
      ? String(answer.InitialConfigurationToken)
      : '';
  };
  const rules = () => emulator.violations.map(({ rule }) => rule);
  return { emulator, send, start, get, startedToken, rules };
}

async function shapeOf(response: Response) {
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    body: await response.json(),
  };
}

/** The raw answer, to a path that no URL parser has normalized. */
function getRaw({ url }: EmulatorServer, path: string) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    sendGet({ host: '127.0.0.1', port: new URL(url).port, path }, (response) => {
      response.resume();
      resolve(response);
    }).on('error', reject);
  });
}

describe('the emulated data API', () => {
  it('starts a session with 201 and a token', async () => {
    const { start } = setup();
    const response = await start();
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-amzn-requestid')).toMatch(
      /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    );
    expect(await response.json()).toEqual({
      InitialConfigurationToken: expect.stringMatching(/^\S{20,8192}$/),
    });
  });

  it('answers a poll with the bytes and the headers of the service', async () => {
    const { get, startedToken } = setup();
    const response = await get(await startedToken());
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('{"a":{"enabled":true}}');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('version-label')).toBe('first');
    expect(response.headers.get('next-poll-interval-in-seconds')).toBe('60');
    expect(response.headers.get('next-poll-configuration-token')).toMatch(/^\S+$/);
    expect(response.headers.get('etag')).toBeNull();
  });

  it('answers an unchanged poll with 200, no body and no label, but with a content type', async () => {
    const { emulator, get, startedToken } = setup();
    const first = await get(await startedToken());
    emulator.advance(60_000);
    const second = await get(first.headers.get('next-poll-configuration-token') ?? '');
    expect(second.status).toBe(200);
    expect(await second.text()).toBe('');
    expect(second.headers.get('version-label')).toBeNull();
    expect(second.headers.get('content-type')).toBe('application/json');
  });

  it('gives each session the whole configuration in its first answer', async () => {
    const { get, startedToken } = setup();
    expect(await (await get(await startedToken())).text()).not.toBe('');
    expect(await (await get(await startedToken())).text()).not.toBe('');
  });

  it('answers with the interval that was asked for', async () => {
    const { get, startedToken } = setup();
    const token = await startedToken({ ...START_BODY, RequiredMinimumPollIntervalInSeconds: 15 });
    expect((await get(token)).headers.get('next-poll-interval-in-seconds')).toBe('15');
  });

  it('treats a null interval as none', async () => {
    const { get, startedToken } = setup();
    const token = await startedToken({ ...START_BODY, RequiredMinimumPollIntervalInSeconds: null });
    expect((await get(token)).headers.get('next-poll-interval-in-seconds')).toBe('60');
  });

  it('refuses a poll that comes too early, and serves the same token when it is time', async () => {
    const { emulator, get, startedToken, rules } = setup();
    const first = await get(await startedToken());
    const token = first.headers.get('next-poll-configuration-token') ?? '';
    emulator.advance(59_000);
    expect(await shapeOf(await get(token))).toEqual({
      status: 400,
      type: 'BadRequestException',
      body: {
        Message: 'Request too early',
        Reason: 'InvalidParameters',
        Details: {
          InvalidParameters: { ConfigurationToken: { Problem: 'PollIntervalNotSatisfied' } },
        },
      },
    });
    expect(rules()).toEqual(['poll-interval-not-satisfied']);
    emulator.advance(1_000);
    expect((await get(token)).status).toBe(200);
  });

  it('serves one of several simultaneous polls with the same token', async () => {
    const { get, startedToken, rules } = setup();
    const token = await startedToken();
    const answers = await Promise.all([get(token), get(token), get(token)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);
    expect(rules()).toEqual(['token-reused', 'token-reused']);
  });

  it('refuses a token after 24 hours', async () => {
    const { emulator, get, startedToken, rules } = setup();
    const token = await startedToken();
    emulator.advance(24 * 60 * 60_000 + 1);
    const { status, body } = await shapeOf(await get(token));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      Details: { InvalidParameters: { ConfigurationToken: { Problem: 'Expired' } } },
    });
    expect(rules()).toEqual(['token-expired']);
  });

  it('calls a token corrupted when any of its characters is altered', async () => {
    const { get, startedToken } = setup();
    const token = await startedToken();
    for (let index = 0; index < token.length; index += 1) {
      const altered = `${token.slice(0, index)}${token[index] === 'x' ? 'y' : 'x'}${token.slice(index + 1)}`;
      const { body } = await shapeOf(await get(altered));
      expect(body, altered).toMatchObject({
        Details: { InvalidParameters: { ConfigurationToken: { Problem: 'Corrupted' } } },
      });
    }
    expect((await get(token)).status).toBe(200);
  });

  it.each([
    ['Application', { ApplicationIdentifier: 'other' }],
    ['Environment', { EnvironmentIdentifier: 'other' }],
    ['ConfigurationProfile', { ConfigurationProfileIdentifier: 'other' }],
  ])('names the %s that does not exist', async (resource, change) => {
    const { start } = setup();
    const identifiers = { ...START_BODY, ...change };
    expect(await shapeOf(await start(identifiers))).toEqual({
      status: 404,
      type: 'ResourceNotFoundException',
      body: { Message: expect.any(String), ResourceType: resource, ReferencedBy: identifiers },
    });
  });

  it('reports a missing deployment of a profile that only another environment has', async () => {
    const { emulator, start } = setup();
    emulator.deploy({ ...NAME, environment: 'test', profile: 'only-in-test', content: 'x' });
    const body = { ...START_BODY, ConfigurationProfileIdentifier: 'only-in-test' };
    expect((await shapeOf(await start(body))).body).toMatchObject({ ResourceType: 'Deployment' });
  });

  it.each([
    ['an interval below 15 s', { ...START_BODY, RequiredMinimumPollIntervalInSeconds: 14 }],
    ['an interval above a day', { ...START_BODY, RequiredMinimumPollIntervalInSeconds: 86_401 }],
    ['an identifier of 129 characters', { ...START_BODY, ApplicationIdentifier: 'a'.repeat(129) }],
    ['no identifiers', {}],
    ['a body that is no JSON', '{'],
    ['a body that is no object', 'null'],
  ])('refuses %s', async (_, body) => {
    const { start } = setup();
    const { status, type } = await shapeOf(await start(body));
    expect({ status, type }).toEqual({ status: 400, type: 'BadRequestException' });
  });

  it('answers an odd path or method with a client error', async () => {
    const { send } = setup();
    expect((await send('/')).status).toBe(404);
    expect((await send('/configuration', { method: 'DELETE' })).status).toBe(405);
    expect((await send('/configurationsessions')).status).toBe(405);
    expect((await send('/configuration')).status).toBe(400);
  });

  it('lets a page of any origin read what it needs', async () => {
    const { send, startedToken, get } = setup();
    const preflight = await send('/configuration', {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Headers': 'authorization,x-amz-date' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization,x-amz-date');
    const response = await get(await startedToken());
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('*');
  });

  it('delivers bytes as they were deployed', async () => {
    const { emulator, get, startedToken } = setup();
    const content = new Uint8Array([0, 255, 10, 13]);
    emulator.deploy({ ...NAME, content });
    const response = await get(await startedToken());
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(content);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('injects faults in order, as often as asked, into the operation asked for', async () => {
    const { emulator, start, get, startedToken } = setup();
    emulator.inject({
      kind: 'error',
      status: 429,
      operation: 'GetLatestConfiguration',
      times: 2,
      retryAfterInSeconds: 7,
    });
    emulator.inject({ kind: 'garbage', operation: 'GetLatestConfiguration' });
    expect((await start()).status).toBe(201);
    for (const attempt of [1, 2]) {
      const throttled = await get(await startedToken());
      expect(throttled.status, `attempt ${attempt}`).toBe(429);
      expect(throttled.headers.get('retry-after')).toBe('7');
    }
    const garbage = await get(await startedToken());
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow(SyntaxError);
    expect(await (await get(await startedToken())).text()).toBe('{"a":{"enabled":true}}');
  });

  it('replaces and removes any header as a fault asks, those of CORS too', async () => {
    const { emulator, start, get, startedToken } = setup();
    emulator.inject({
      kind: 'headers',
      operation: 'GetLatestConfiguration',
      headers: {
        'Access-Control-Allow-Origin': 'https://shop.example',
        'access-control-expose-headers': null,
        'Version-Label': 'other',
        'Content-Type': null,
      },
    });
    const { headers } = await get(await startedToken());
    expect(headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(headers.get('version-label')).toBe('other');
    expect(headers.has('access-control-expose-headers')).toBe(false);
    expect(headers.has('content-type')).toBe(false);
    emulator.inject({ kind: 'headers', headers: { 'content-type': null } });
    expect((await start()).headers.has('content-type')).toBe(false);
    for (const value of ['a\u{1}b', 'a\nb', 'a\u{7f}', '\u{20ac}']) {
      expect(() => emulator.inject({ kind: 'headers', headers: { 'X-Own': value } })).toThrow(
        /headers/,
      );
    }
  });

  it('rejects like fetch does when a fault resets the connection', async () => {
    const { emulator, start } = setup();
    emulator.inject({ kind: 'reset' });
    await expect(start()).rejects.toThrow(TypeError);
    expect(emulator.requests.at(-1)).toMatchObject({ status: 0, fault: 'reset' });
  });

  it('keeps a readable history of what it was asked', async () => {
    const { emulator, get, startedToken } = setup();
    await get(await startedToken());
    expect(emulator.requests).toMatchObject([
      { operation: 'StartConfigurationSession', nextToken: '1.1', status: 201 },
      {
        operation: 'GetLatestConfiguration',
        token: '1.1',
        nextToken: '1.2',
        status: 200,
        version: 'first',
      },
    ]);
  });

  it('notifies its listeners of requests and changes until they unsubscribe', async () => {
    const { emulator, start } = setup();
    let calls = 0;
    const unsubscribe = emulator.subscribe(() => {
      calls += 1;
    });
    await start();
    emulator.deploy({ ...NAME, content: {} });
    unsubscribe();
    await start();
    expect(calls).toBe(2);
  });
});

describe('the emulator on a port', () => {
  it('breaks the connection for a reset, and refuses a body that is too long', async () => {
    const { emulator } = setup();
    const server = await serveEmulator(emulator);
    emulator.inject({ kind: 'reset', operation: 'StartConfigurationSession' });
    const body = JSON.stringify(START_BODY);
    const start = () => fetch(`${server.url}/configurationsessions`, { method: 'POST', body });
    await expect(start()).rejects.toThrow(TypeError);
    expect((await start()).status).toBe(201);
    const long = await fetch(`${server.url}/configurationsessions`, {
      method: 'POST',
      body: 'x'.repeat(2 ** 20 + 1),
    });
    expect(long.status).toBe(413);
    await server.close();
    await expect(start()).rejects.toThrow(TypeError);
  });

  it('spells its headers as the service does, and says how long its answers are', async () => {
    const { emulator, startedToken } = setup();
    const server = await serveEmulator(emulator);
    const path = `/configuration?configuration_token=${await startedToken()}`;
    const { rawHeaders } = await getRaw(server, path);
    expect(rawHeaders).toEqual(
      expect.arrayContaining([
        'Next-Poll-Configuration-Token',
        'Next-Poll-Interval-In-Seconds',
        'Version-Label',
        'Content-Type',
        'Content-Length',
        'x-amzn-RequestId',
      ]),
    );
    const unreadable = await getRaw(server, '/a\\b');
    expect(unreadable.statusCode).toBe(400);
    expect(unreadable.rawHeaders).toEqual(
      expect.arrayContaining(['Content-Type', 'Content-Length', 'x-amzn-ErrorType']),
    );
    await server.close();
  });

  it('sends no length beside chunks', async () => {
    const { emulator } = setup();
    const server = await serveEmulator(emulator);
    emulator.inject({ kind: 'headers', headers: { 'Transfer-Encoding': 'chunked' } });
    const route = '/applications/shop/environments/production/configurations/flags';
    expect(await (await fetch(server.url + route)).json()).toEqual({ a: { enabled: true } });
    await server.close();
  });

  it('delivers 2 MiB of bytes as they were deployed', async () => {
    const { emulator, startedToken } = setup();
    const large = new Uint8Array(2 * 1024 * 1024).map((_, index) => (index * 7919) % 251);
    emulator.deploy({ ...NAME, content: large });
    const server = await serveEmulator(emulator);
    const token = await startedToken();
    const response = await fetch(`${server.url}/configuration?configuration_token=${token}`);
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), large)).toBe(0);
    await server.close();
  });

  it.each([
    '/configuration?configuration_token=%00%ff',
    `/configuration?configuration_token=${'x'.repeat(9_000)}`,
    '/configuration?configuration_token',
    '/configurationsessions/..',
    '//configuration',
    '/%',
    '/applications//environments//configurations/',
  ])('answers %s with a client error, over HTTP, too', async (path) => {
    const { emulator } = setup();
    const server = await serveEmulator(emulator);
    const { statusCode: status } = await getRaw(server, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    await server.close();
  });
});
