import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { RequestError } from '../../src/errors/index.ts';
import { serveEmulator } from '../../src/emulator/node/index.ts';
import { ConfigurationSession } from '../../src/session/index.ts';
import { appConfigDataSource } from '../../src/sources/appconfigdata/index.ts';
import { createStrictEmulator, TEST_CREDENTIALS } from '../support/emulators.ts';
import { createManualClock } from '../support/manualClock.ts';
import { codeOf, HOUR_MS, MINUTE_MS, NAME } from '../session/setup.ts';

const GET = 'GetLatestConfiguration';
const START = 'StartConfigurationSession';
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** The real SDK client, over HTTP, against the emulator's Node server. */
async function setup(configuration: { maxAttempts?: number } = {}) {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ clock: { now: () => clock.monotonicNow() } });
  emulator.deploy({ ...NAME, content: { 'dark-mode': { enabled: true } }, versionLabel: 'v1' });
  const server = await serveEmulator(emulator);
  closing.push(server.close);
  const client = new AppConfigDataClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    ...configuration,
  });
  const source = appConfigDataSource(client);
  const session = new ConfigurationSession({
    ...NAME,
    source,
    clock: { ...clock, schedule: () => () => undefined },
    random: () => 0.5,
    decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)),
  });
  const operations = () => emulator.requests.map(({ operation }) => operation);
  return { clock, emulator, server, client, source, session, operations };
}

describe('appConfigDataSource, through the real SDK client over HTTP', () => {
  it('polls three times, and sees a new version and its label', async () => {
    const { session, clock, emulator, operations } = await setup();
    expect(await session.poll()).toMatchObject({
      value: { 'dark-mode': { enabled: true } },
      versionLabel: 'v1',
      contentType: 'application/json',
    });
    await clock.advance(1.05 * MINUTE_MS);
    await session.poll();
    emulator.deploy({ ...NAME, content: { 'dark-mode': { enabled: false } }, versionLabel: 'v2' });
    await clock.advance(1.05 * MINUTE_MS);
    expect(await session.poll()).toMatchObject({
      value: { 'dark-mode': { enabled: false } },
      versionLabel: 'v2',
    });
    expect(operations()).toEqual([START, GET, GET, GET]);
    expect(emulator.requests.map(({ contentBytes }) => contentBytes > 0)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('replaces a token that the service says has expired', async () => {
    const { session, clock, emulator, operations } = await setup();
    await session.poll();
    emulator.expireSessions();
    await clock.advance(1.05 * MINUTE_MS);
    expect((await session.poll()).value).toEqual({ 'dark-mode': { enabled: true } });
    expect(operations()).toEqual([START, GET, GET, START, GET]);
  });

  it.each([undefined, 10])(
    'sends a token once when the service answers 500, with %j attempts asked of the SDK',
    async (maxAttempts) => {
      const { session, clock, emulator, operations } = await setup(
        maxAttempts ? { maxAttempts } : {},
      );
      await session.poll();
      await clock.advance(1.05 * MINUTE_MS);
      emulator.inject({ kind: 'error', status: 500, operation: GET });
      expect(await codeOf(session.poll())).toBe('ServiceFailure');
      expect(operations()).toEqual([START, GET, GET]);
      // Half of three intervals: the session has a configuration to go on with.
      await clock.advance(1.5 * MINUTE_MS);
      await session.poll();
      expect(operations()).toEqual([START, GET, GET, START, GET]);
    },
  );

  it('sends a token once when the connection is reset, and begins anew at once, once a poll', async () => {
    const { session, clock, emulator, operations } = await setup();
    await session.poll();
    await clock.advance(1.05 * MINUTE_MS);
    emulator.inject({ kind: 'reset', operation: GET });
    expect((await session.poll()).value).toEqual({ 'dark-mode': { enabled: true } });
    expect(operations()).toEqual([START, GET, GET, START, GET]);
    await clock.advance(1.05 * MINUTE_MS);
    emulator.inject({ kind: 'reset', operation: GET, times: 2 });
    expect(await codeOf(session.poll())).toBe('NetworkFailure');
    expect(operations().slice(5)).toEqual([GET, START, GET]);
  });

  it('leaves the retries of starting a session to the SDK', async () => {
    const { session, emulator, operations } = await setup();
    emulator.inject({ kind: 'error', status: 500, operation: START });
    expect((await session.poll()).value).toEqual({ 'dark-mode': { enabled: true } });
    expect(operations()).toEqual([START, START, GET]);
  });

  it('passes on how long a throttled client should wait', async () => {
    const { session, emulator } = await setup();
    emulator.inject({ kind: 'error', status: 429, retryAfterInSeconds: 90, operation: GET });
    const error: unknown = await session.poll().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'Throttled', retryAfterInSeconds: 90, operation: GET });
  });

  it('says what is missing when a profile is unknown', async () => {
    const { source } = await setup();
    const input = { ...NAME, profile: 'nobody-made-it' };
    const error: unknown = await source
      .getLatestConfiguration(input, new AbortController().signal)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'ResourceNotFound', operation: START });
    expect(String(error)).toMatch(/ConfigurationProfile.*Check application, environment/);
  });

  it('names the problem that the service has with a token', async () => {
    const { source, emulator } = await setup();
    const { signal } = new AbortController();
    const { nextToken: token } = await source.getLatestConfiguration(NAME, signal);
    emulator.expireSessions();
    const error: unknown = await source
      .getLatestConfiguration({ ...NAME, token }, signal)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'BadRequest' });
    expect(String(error)).toContain('ConfigurationToken: Expired');
  });

  it('reports an unreachable server as a network failure', async () => {
    const { session, server } = await setup({ maxAttempts: 1 });
    await server.close();
    closing.splice(0);
    expect(await codeOf(session.poll())).toBe('NetworkFailure');
  });

  it('reports an answer that is not from AWS AppConfig as a failure of the service', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>sign in</html>');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    closing.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
        }),
    );
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const source = appConfigDataSource({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
      maxAttempts: 1,
    });
    const starting = source.getLatestConfiguration(NAME, new AbortController().signal);
    await expect(starting).rejects.toMatchObject({
      code: 'ServiceFailure',
      message: expect.stringContaining('check the endpoint'),
    });
  });

  it('reports credentials that cannot be loaded', async () => {
    const { server } = await setup();
    const source = appConfigDataSource({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: () => Promise.reject(new Error('no identity pool')),
    });
    const starting = source.getLatestConfiguration(NAME, new AbortController().signal);
    await expect(starting).rejects.toThrow(/no identity pool/);
  });

  it('names credentials and region where they are missing, and says that nothing was sent', async () => {
    const { signal } = new AbortController();
    const errorOf = (configuration: object) =>
      appConfigDataSource(
        Object.assign({ maxAttempts: 1, endpoint: 'http://127.0.0.1:9' }, configuration),
      )
        .getLatestConfiguration(NAME, signal)
        .catch((reason: unknown) => reason);
    const credentials = () => Promise.reject(new Error('no identity pool'));
    expect(await errorOf({ region: 'us-east-1', credentials })).toMatchObject({
      code: 'MissingCredentials',
      wasSent: false,
      message: expect.stringMatching(/no identity pool\. Nothing was sent/),
    });
    const region = () => Promise.reject(new Error('Region is missing'));
    expect(await errorOf({ region, credentials: TEST_CREDENTIALS })).toMatchObject({
      code: 'MissingRegion',
      wasSent: false,
    });
  });

  it('is named after region and endpoint, so that two regions are two entries of a cache', () => {
    const nameOf = (configuration: object) =>
      appConfigDataSource(Object.assign({ credentials: TEST_CREDENTIALS }, configuration)).name;
    const region = 'eu-central-1';
    expect(nameOf({ region })).toBe('appconfigdata eu-central-1');
    expect(nameOf({ region, endpoint: 'http://127.0.0.1:2772' })).toBe(
      'appconfigdata eu-central-1 http://127.0.0.1:2772',
    );
    expect(appConfigDataSource({ region }, { name: 'mine' }).name).toBe('mine');
  });

  it.each([
    ['seconds', '90', 90],
    ['a date', new Date(Date.UTC(2026, 0, 1, 0, 1, 30)).toUTCString(), 90],
    ['a date in the past', new Date(Date.UTC(2025, 0, 1)).toUTCString(), undefined],
    ['neither', 'soon', undefined],
  ])('passes on a Retry-After that is %s', async (_, retryAfter, retryAfterInSeconds) => {
    const source = appConfigDataSource({
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
      maxAttempts: 1,
      requestHandler: {
        handle: async () => ({
          response: {
            statusCode: 503,
            headers: {
              'retry-after': retryAfter,
              date: new Date(Date.UTC(2026, 0, 1)).toUTCString(),
            },
            body: new Uint8Array(),
          },
        }),
      },
    });
    const error: unknown = await source
      .getLatestConfiguration(NAME, new AbortController().signal)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ServiceFailure', retryAfterInSeconds });
  });

  it('does not change the client that it was given', async () => {
    const { client, session } = await setup();
    const before = client.middlewareStack.identify();
    await session.poll();
    expect(client.middlewareStack.identify()).toEqual(before);
  });

  it('outlives a day of polls on one session', async () => {
    const { session, clock, operations } = await setup();
    for (let hour = 0; hour < 24; hour += 1) {
      await session.poll();
      await clock.advance(HOUR_MS);
    }
    expect(operations().filter((operation) => operation === START)).toHaveLength(1);
  });
});
