import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/index.ts';
import { serveEmulator, type EmulatorServer } from '../../src/emulator/node/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { ConfigurationSession } from '../../src/entries/session.ts';
import type { ConfigurationRequest } from '../../src/entries/sources.ts';
import { createStrictEmulator } from '../support/emulators.ts';

const REQUEST: ConfigurationRequest = {
  application: 'shop',
  environment: 'production',
  profile: 'flags',
};
const FLAGS = { checkout: { enabled: true, steps: 3 }, 'dark-mode': { enabled: false } };
const neverAborted = new AbortController().signal;

const textOf = ({ configuration }: { configuration: Uint8Array }) =>
  new TextDecoder().decode(configuration);

/** A server that answers as it is told to, and remembers what it was asked. */
function answering(...answers: readonly (Response | (() => Response))[]) {
  const asked: Request[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    asked.push(new Request(input, init));
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return (
      (typeof answer === 'function' ? answer() : answer) ?? new Response(null, { status: 500 })
    );
  };
  return { asked, fetch };
}

const good = (headers?: Record<string, string>, body = '{}') =>
  new Response(body, {
    headers: { 'Configuration-Version': '7', 'Content-Type': 'application/json', ...headers },
  });

describe('agentSource over HTTP, against the Agent’s route of an emulator', () => {
  let emulator: Emulator;
  let server: EmulatorServer;

  beforeEach(async () => {
    emulator = createStrictEmulator({ multiVariantFlags });
    emulator.deploy({ ...REQUEST, content: FLAGS, versionLabel: 'Größe 1' });
    server = await serveEmulator(emulator);
  });
  afterEach(() => server.close());

  it('reads a configuration with its version, and asks again at the interval of its option', async () => {
    const source = agentSource({ endpoint: `${server.url}/`, pollIntervalInSeconds: 30 });
    const answer = await source.getLatestConfiguration(REQUEST, neverAborted);
    expect(JSON.parse(textOf(answer))).toEqual(FLAGS);
    expect(answer).toMatchObject({
      versionLabel: 'Größe 1',
      contentType: 'application/json',
      nextPollIntervalInSeconds: 30,
    });
  });

  it('works without ETags, which the Agent does not send', async () => {
    const session = new ConfigurationSession({
      ...REQUEST,
      source: agentSource({ endpoint: server.url }),
      decode: ({ bytes }, before) => {
        const text = new TextDecoder().decode(bytes);
        return text === before ? before : text;
      },
    });
    const first = await session.poll();
    session.expectChange();
    expect(await session.poll()).toBe(first);
    expect(emulator.requests).toHaveLength(2);
    session.dispose();
  });

  it('sends context and entity in any script, and requests only the flags that are wanted', async () => {
    emulator.deploy({
      ...REQUEST,
      content: {
        version: '1',
        flags: { banner: { name: 'Banner' } },
        values: {
          banner: {
            _variants: [
              { name: 'tokyo', enabled: true, rule: '(eq $city "東京")' },
              { name: 'elsewhere', enabled: false },
            ],
          },
        },
      },
    });
    const source = agentSource({ endpoint: server.url });
    const ask = (more: Partial<ConfigurationRequest>) =>
      source.getLatestConfiguration({ ...REQUEST, ...more }, neverAborted);
    const context = { city: '東京' };
    expect(textOf(await ask({ context, entityId: 'Müller' }))).toContain('"tokyo"');
    expect(textOf(await ask({ flagKeys: ['banner'] }))).toBe(
      '{"banner":{"_variant":"elsewhere","enabled":false}}',
    );
  });

  it('names what is wrong in the session’s terms', async () => {
    const source = agentSource({ endpoint: server.url });
    const ask = (more: Partial<ConfigurationRequest>) =>
      source.getLatestConfiguration({ ...REQUEST, ...more }, neverAborted);
    await expect(ask({ profile: 'flogs' })).rejects.toMatchObject({
      code: 'ResourceNotFound',
      operation: 'GetConfiguration',
    });
  });

  it('leaves out what no header carries, says so once, and loses no flag', async () => {
    const source = agentSource({ endpoint: server.url });
    const ask = (more: Partial<ConfigurationRequest>) =>
      source.getLatestConfiguration({ ...REQUEST, ...more }, neverAborted);
    const context = { city: 'a, b', 'a=b': 'c', line: 'a\nb', plan: 'a=b' };
    const answer = await ask({ context, entityId: 'a\nb' });
    expect(JSON.parse(textOf(answer))).toEqual(FLAGS);
    expect(answer.problem?.message).toContain(
      'context["city"], context["a=b"], context["line"], entityId:',
    );
    expect((await ask({ context })).problem).toBeUndefined();
    expect(emulator.requests.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('agentSource', () => {
  it('asks with the ETag that it was given, and at the interval that Cache-Control names', async () => {
    const { fetch, asked } = answering(
      good({ ETag: '"v7"', 'Cache-Control': 'public, s-maxage=3, max-age=45' }),
      new Response(null, { status: 304, headers: { 'Cache-Control': 'max-age=20' } }),
    );
    const source = agentSource({ fetch });
    const first = await source.getLatestConfiguration(REQUEST, neverAborted);
    expect(first).toMatchObject({ nextToken: '"v7"', nextPollIntervalInSeconds: 45 });
    const next = await source.getLatestConfiguration(
      { ...REQUEST, token: first.nextToken, requiredMinimumPollIntervalInSeconds: 30 },
      neverAborted,
    );
    expect(asked.map(({ headers }) => headers.get('If-None-Match'))).toEqual([null, '"v7"']);
    expect(next).toMatchObject({ nextToken: '"v7"', nextPollIntervalInSeconds: 30 });
    expect(next.configuration.byteLength).toBe(0);
    expect(asked[0]?.url).toBe(
      'http://localhost:2772/applications/shop/environments/production/configurations/flags',
    );
  });

  it.each([
    ['none', {}, 60],
    ['no-store', { 'Cache-Control': 'no-store, max-age=0' }, 60],
    ['hours, as a CDN does', { 'Cache-Control': 'max-age=31536000' }, 3_600],
    ['one in capitals', { 'Cache-Control': 'Public, Max-Age=20' }, 20],
    ['a quoted one', { 'Cache-Control': 'max-age="20"' }, 20],
    ['one for shared caches alone', { 'Cache-Control': 's-maxage=5' }, 60],
  ])('comes back in time where the answer names %s', async (_, headers, seconds) => {
    const { fetch } = answering(good(headers));
    const answer = await agentSource({ fetch }).getLatestConfiguration(REQUEST, neverAborted);
    expect(answer.nextPollIntervalInSeconds).toBe(seconds);
  });

  it.each([
    ['nothing', {}, 30],
    ['more', { 'Cache-Control': 'max-age=14400' }, 30],
    ['less', { 'Cache-Control': 'max-age=10' }, 10],
  ])(
    'never waits longer than the developer wrote where the answer names %s',
    async (_, headers, seconds) => {
      const { fetch } = answering(good(headers));
      const source = agentSource({ fetch, pollIntervalInSeconds: 30 });
      const answer = await source.getLatestConfiguration(REQUEST, neverAborted);
      expect(answer.nextPollIntervalInSeconds).toBe(seconds);
    },
  );

  it('takes an empty ETag for none', async () => {
    const { fetch } = answering(
      good({ ETag: '' }),
      new Response(null, { status: 304, headers: { ETag: '' } }),
    );
    const source = agentSource({ fetch });
    const { nextToken } = await source.getLatestConfiguration(REQUEST, neverAborted);
    expect(nextToken).toBe('7');
    const next = await source.getLatestConfiguration(
      { ...REQUEST, token: nextToken },
      neverAborted,
    );
    expect(next.nextToken).toBe('7');
  });

  it('follows redirects of its own origin, and tells no other one who asks', async () => {
    const moved = (location: string) =>
      new Response(null, { status: 308, headers: { Location: location } });
    const who = { ...REQUEST, entityId: 'jane', context: { plan: 'pro' } };
    const own = answering(moved('/elsewhere?a=1'), good());
    await agentSource({ ...own }).getLatestConfiguration(who, neverAborted);
    expect(own.asked.map(({ url, headers }) => [url.slice(21), headers.get('Entity-Id')])).toEqual([
      ['/applications/shop/environments/production/configurations/flags', 'jane'],
      ['/elsewhere?a=1', 'jane'],
    ]);
    const other = answering(moved('https://evil.example/flags'), good());
    await expect(
      agentSource({ ...other }).getLatestConfiguration(who, neverAborted),
    ).rejects.toMatchObject({ code: 'InvalidAnswer', message: expect.stringContaining('evil') });
    expect(other.asked).toHaveLength(1);
    const endless = answering(() => moved('/again'));
    await expect(
      agentSource({ ...endless }).getLatestConfiguration(who, neverAborted),
    ).rejects.toMatchObject({ code: 'InvalidAnswer' });
    expect(endless.asked.length).toBeLessThan(10);
  });

  it('sends a bearer token, made anew for each request where a function makes it', async () => {
    const { fetch, asked } = answering(good);
    let calls = 0;
    const renewed = agentSource({ fetch, accessToken: async () => `token ${(calls += 1)}` });
    await renewed.getLatestConfiguration(REQUEST, neverAborted);
    await renewed.getLatestConfiguration(REQUEST, neverAborted);
    await agentSource({ fetch, accessToken: 'fixed' }).getLatestConfiguration(
      REQUEST,
      neverAborted,
    );
    expect(asked.map(({ headers }) => headers.get('Authorization'))).toEqual([
      'Bearer token 1',
      'Bearer token 2',
      'Bearer fixed',
    ]);
  });

  it('never takes a page for a configuration, whatever its status and type', async () => {
    const { fetch } = answering(
      () => new Response('<html>Log in</html>', { headers: { 'Content-Type': 'text/html' } }),
      () => new Response('{}', { headers: { 'Content-Type': 'application/json' } }),
    );
    const source = agentSource({ fetch });
    for (let turn = 0; turn < 2; turn += 1) {
      await expect(source.getLatestConfiguration(REQUEST, neverAborted)).rejects.toMatchObject({
        code: 'InvalidAnswer',
        message: expect.stringContaining('CORS'),
      });
    }
  });

  it.each([
    [400, 'BadRequest'],
    [401, 'AccessDenied'],
    [403, 'AccessDenied'],
    [404, 'ResourceNotFound'],
    [429, 'Throttled'],
    [500, 'ServiceFailure'],
    [304, 'ServiceFailure'],
  ])('calls status %i %s', async (status, code) => {
    const { fetch } = answering(
      new Response(status === 304 ? null : 'why', { status, headers: { 'Retry-After': '7' } }),
    );
    await expect(
      agentSource({ fetch }).getLatestConfiguration(REQUEST, neverAborted),
    ).rejects.toMatchObject({ code, operation: 'GetConfiguration', retryAfterInSeconds: 7 });
  });
});

describe('experimentSource', () => {
  const situation = (flagKeys: readonly string[] | 'all' = 'all') => {
    const emulator = createStrictEmulator({ multiVariantFlags });
    emulator.deploy({ ...REQUEST, content: FLAGS, versionLabel: 'v1' });
    const asked: string[] = [];
    const source = experimentSource(
      agentSource({
        fetch: async (input, init) => {
          const request = new Request(input, init);
          asked.push(new URL(request.url).search);
          const answer = await emulator.fetch(request);
          // With ETags, as our handler sends them.
          const body = await answer.clone().text();
          const etag = `"${body.length}${body.slice(-30).replaceAll('"', '')}"`;
          if (request.headers.get('If-None-Match') === etag)
            return new Response(null, { status: 304 });
          const headers = new Headers(answer.headers);
          headers.set('ETag', etag);
          return new Response(body, { status: answer.status, headers });
        },
      }),
      flagKeys,
    );
    const start = () =>
      emulator.startExperiment({
        ...REQUEST,
        flag: 'checkout',
        exposurePercentage: 100,
        control: { weight: 0, enabled: false },
        treatments: [{ weight: 100, enabled: true, attributeValues: { steps: 1 } }],
      });
    const ask = (token?: string) =>
      source.getLatestConfiguration({ ...REQUEST, entityId: 'jane', token }, neverAborted);
    return { emulator, source, asked, start, ask };
  };

  it('puts the treatment of an entity in the place of its flag', async () => {
    const { emulator, start, ask } = situation();
    start();
    expect(JSON.parse(textOf(await ask()))).toEqual({
      checkout: { _variant: '__t1__', enabled: true, steps: 1 },
      'dark-mode': { enabled: false },
    });
    expect(emulator.assignments.map(({ entityId }) => entityId)).toEqual(['jane']);
  });

  it('asks for the flags that are named, and only for those that exist', async () => {
    const { asked, ask } = situation(['checkout', 'not-deployed-yet']);
    await ask();
    expect(asked).toEqual(['', '?flag=checkout']);
  });

  it('reports no change if neither document nor treatment changed, and the new values otherwise', async () => {
    const { emulator, start, ask } = situation();
    const first = await ask();
    const second = await ask(first.nextToken);
    expect(textOf(second)).toBe('');
    start();
    const third = await ask(second.nextToken);
    expect(JSON.parse(textOf(third))).toMatchObject({ checkout: { _variant: '__t1__' } });
    emulator.deploy({ ...REQUEST, content: { ...FLAGS, sale: { enabled: true } } });
    const fourth = await ask(third.nextToken);
    expect(JSON.parse(textOf(fourth))).toMatchObject({
      checkout: { _variant: '__t1__' },
      sale: { enabled: true },
    });
    expect(textOf(await ask(fourth.nextToken))).toBe('');
  });

  it('does nothing without an entity, or for a document that holds no flags', async () => {
    const { emulator, asked, source } = situation();
    await source.getLatestConfiguration(REQUEST, neverAborted);
    emulator.deploy({ ...REQUEST, content: 'text', contentType: 'text/plain' });
    const answer = await source.getLatestConfiguration(
      { ...REQUEST, entityId: 'jane' },
      neverAborted,
    );
    expect(textOf(answer)).toBe('text');
    expect(asked).toEqual(['', '']);
  });
});
