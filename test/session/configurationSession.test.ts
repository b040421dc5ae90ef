import { describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError, RequestError } from '../../src/errors/index.ts';
import { ConfigurationSession, type ConfigurationSource } from '../../src/session/index.ts';
import { createInPageSource } from '../support/emulators.ts';
import { codeOf, HOUR_MS, MINUTE_MS, NAME, setup } from './setup.ts';

const GET = 'GetLatestConfiguration';
const START = 'StartConfigurationSession';

describe('ConfigurationSession', () => {
  it('starts a session, reads the configuration and follows its versions', async () => {
    const { session, clock, deploy, operations } = setup();
    expect((await session.poll()).value).toBe('one');
    await clock.advance(MINUTE_MS);
    expect((await session.poll()).value).toBe('one');
    deploy('two', 'v2');
    await clock.advance(MINUTE_MS);
    expect(await session.poll()).toMatchObject({ value: 'two', versionLabel: 'v2' });
    expect(operations()).toEqual([START, GET, GET, GET]);
    expect(session.pollCount).toBe(3);
  });

  it('answers an unchanged poll with the same object', async () => {
    const { session, clock } = setup();
    const first = await session.poll();
    await clock.advance(MINUTE_MS);
    expect(await session.poll()).toBe(first);
  });

  it('sends nothing before the interval is over, however often it is asked', async () => {
    const { session, clock, operations } = setup();
    await session.poll();
    for (let second = 0; second < 59; second += 1) {
      await clock.advance(1_000);
      await session.poll();
    }
    expect(operations()).toEqual([START, GET]);
    await clock.advance(1_000);
    await session.poll();
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('shares the request under way between all callers', async () => {
    const { session, operations } = setup();
    const polls = [session.poll(), session.poll(), session.poll()];
    const [first, second, third] = await Promise.all(polls);
    expect(first).toBe(second);
    expect(second).toBe(third);
    expect(operations()).toEqual([START, GET]);
  });

  it('waits for the rest of the interval when a timer fires a little too early', async () => {
    const { session, clock, operations } = setup();
    await session.poll();
    await clock.advance(MINUTE_MS - 20);
    const poll = session.poll();
    await clock.advance(19);
    expect(operations()).toEqual([START, GET]);
    await clock.advance(1);
    await poll;
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('keeps to an interval that changes with every answer, and outranks the one asked for', async () => {
    const { session, clock, emulator } = setup({ requiredMinimumPollIntervalInSeconds: 15 });
    const longer = { 'Next-Poll-Interval-In-Seconds': '300' };
    emulator.inject({ kind: 'headers', operation: GET, headers: longer });
    await session.poll();
    expect(session.msUntilNextPoll).toBe(300_000);
    await clock.advance(300_000);
    await session.poll();
    expect(session.msUntilNextPoll).toBe(15_000);
  });

  it('adds up to a tenth of jitter to the interval and takes nothing away', async () => {
    const { session } = setup({ random: () => 1 });
    await session.poll();
    expect(session.msUntilNextPoll).toBe(66_000);
  });

  it('starts a new session instead of sending a token that is about to be 24 hours old', async () => {
    const { session, clock, operations, deploy } = setup();
    await session.poll();
    deploy('two');
    await clock.advance(24 * HOUR_MS);
    expect((await session.poll()).value).toBe('two');
    expect(operations()).toEqual([START, GET, START, GET]);
  });

  it('starts a new session with the first poll after a sleep of more than 24 hours', async () => {
    const { session, clock, operations } = setup();
    await session.poll();
    clock.sleep(30 * HOUR_MS);
    await clock.advance(MINUTE_MS);
    await session.poll();
    expect(operations()).toEqual([START, GET, START, GET]);
  });

  it('waits no longer than the interval when the wall clock is set back', async () => {
    const { session, clock, operations } = setup();
    await session.poll();
    clock.jump(-2 * HOUR_MS);
    expect(session.msUntilNextPoll).toBe(MINUTE_MS);
    await clock.advance(MINUTE_MS);
    await session.poll();
    expect(operations()).toEqual([START, GET, GET]);
  });

  it('polls as soon as the wall clock alone says that the interval is over, with a new session', async () => {
    const { session, clock, operations, deploy } = setup();
    await session.poll();
    deploy('two');
    // Awake for 200 ms in five minutes, as a sleeping laptop is: the monotonic clock stands still.
    clock.sleep(5 * MINUTE_MS - 200);
    await clock.advance(200);
    expect(session.msUntilNextPoll).toBe(0);
    expect((await session.poll()).value).toBe('two');
    expect(operations()).toEqual([START, GET, START, GET]);
  });

  it('starts a new session at once when its token is refused', async () => {
    const { session, clock, emulator, operations, errors } = setup();
    await session.poll();
    await clock.advance(MINUTE_MS);
    emulator.inject({ kind: 'expired', operation: GET });
    expect((await session.poll()).value).toBe('one');
    expect(operations()).toEqual([START, GET, GET, START, GET]);
    expect(errors).toEqual([]);
  });

  it('starts one new session per poll, and backs off when that one is refused too', async () => {
    const { session, emulator, operations } = setup({ random: () => 0.5 });
    emulator.inject({ kind: 'expired', operation: GET, times: 2 });
    expect(await codeOf(session.poll())).toBe('BadRequest');
    expect(operations()).toEqual([START, GET, START, GET]);
    expect(session.msUntilNextPoll).toBe(500);
  });

  it.each([
    ['an internal error', { kind: 'error', status: 500 } as const, 'ServiceFailure'],
    ['a throttled call', { kind: 'error', status: 429 } as const, 'Throttled'],
    ['a reset connection', { kind: 'reset' } as const, 'NetworkFailure'],
  ])(
    'keeps the last good configuration through %s and comes back with a new session',
    async (_, fault, code) => {
      const { session, clock, emulator, operations, errors } = setup({ random: () => 0.5 });
      await session.poll();
      await clock.advance(2 * MINUTE_MS);
      emulator.inject({ ...fault, operation: GET });
      expect(await codeOf(session.poll())).toBe(code);
      expect(session.last?.value).toBe('one');
      expect(session.error?.code).toBe(code);
      expect(await session.poll()).toBe(session.last);
      await clock.advance(session.msUntilNextPoll);
      await session.poll();
      expect(session.error).toBeUndefined();
      expect(operations()).toEqual([START, GET, GET, START, GET]);
      expect(errors.map((error) => error.code)).toEqual([code]);
    },
  );

  describe('backs off longer with each failure, up to five minutes, with full jitter', () => {
    async function longestWaitsInSeconds(failures: number, polledBefore: boolean) {
      const { session, clock, emulator } = setup({ random: () => 1 });
      if (polledBefore) await session.poll();
      await clock.advance(2 * MINUTE_MS);
      emulator.inject({ kind: 'reset', times: Number.POSITIVE_INFINITY, operation: GET });
      const waits: number[] = [];
      for (let failure = 0; failure < failures; failure += 1) {
        await codeOf(session.poll());
        waits.push(session.msUntilNextPoll / 1_000);
        await clock.advance(session.msUntilNextPoll);
      }
      return waits;
    }

    it('from a second, while somebody waits for the first answer', async () => {
      const waits = await longestWaitsInSeconds(10, false);
      expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    });

    it('from three intervals, once there is a configuration to go on with', async () => {
      expect(await longestWaitsInSeconds(4, true)).toEqual([180, 300, 300, 300]);
    });
  });

  it('leaves the service alone for as long as it asks to', async () => {
    const { session, emulator } = setup();
    emulator.inject({ kind: 'error', status: 503, retryAfterInSeconds: 120, operation: GET });
    await codeOf(session.poll());
    expect(session.msUntilNextPoll).toBe(120_000);
  });

  it('comes back spread out after it was asked to wait, and an hour later at most', async () => {
    const waits = [];
    for (const share of [0, 0.5, 1]) {
      const { session, emulator } = setup({ random: () => share });
      emulator.inject({ kind: 'error', status: 503, retryAfterInSeconds: 86_400, operation: GET });
      await codeOf(session.poll());
      waits.push(session.msUntilNextPoll / 1_000);
    }
    expect(waits).toEqual([3_600, 3_600.5, 3_601]);
  });

  it.each([
    ['a profile that is not there yet', 'ResourceNotFound'],
    ['access that is denied', 'AccessDenied'],
  ])('asks again soon, and then ever more slowly, after %s', async (_, code) => {
    const { session, clock, emulator } = setup({
      profile: code === 'ResourceNotFound' ? 'later' : 'flags',
      random: () => 1,
    });
    if (code === 'AccessDenied') {
      emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
    }
    const waits: number[] = [];
    for (let failure = 0; failure < 10; failure += 1) {
      expect(await codeOf(session.poll())).toBe(code);
      waits.push(session.msUntilNextPoll / 1_000);
      await clock.advance(session.msUntilNextPoll);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
  });

  it('finds a profile within seconds that is created while a developer watches', async () => {
    const { session, clock, emulator } = setup({ profile: 'later', random: () => 0.5 });
    for (let second = 0; second < 10; second += 1) {
      await codeOf(session.poll());
      await clock.advance(1_000);
    }
    emulator.deploy({ ...NAME, profile: 'later', content: 'there' });
    await clock.advance(10_000);
    expect((await session.poll()).value).toBe('there');
  });

  describe('a person who asks again', () => {
    it('can cut a back-off short, once every five seconds', async () => {
      const { session, clock, emulator, operations } = setup({ random: () => 1 });
      await session.poll();
      await clock.advance(MINUTE_MS * 1.1);
      emulator.inject({ kind: 'reset', operation: GET, times: 2 });
      await codeOf(session.poll());
      expect(session.msUntilNextPoll).toBe(3 * MINUTE_MS);
      session.cutBackoffShort();
      expect(await codeOf(session.poll())).toBe('NetworkFailure');
      session.cutBackoffShort();
      expect(session.msUntilNextPoll).toBe(5_000);
      await clock.advance(5_000);
      expect((await session.poll()).value).toBe('one');
      expect(operations()).toEqual([START, GET, GET, START, GET, START, GET]);
    });

    it('never shortens an interval, nor the time for which the service asked to be left alone', async () => {
      const { session, clock, emulator } = setup();
      await session.poll();
      session.cutBackoffShort();
      expect(session.msUntilNextPoll).toBe(MINUTE_MS);
      await clock.advance(MINUTE_MS);
      emulator.inject({ kind: 'error', status: 503, retryAfterInSeconds: 90, operation: GET });
      await codeOf(session.poll());
      session.cutBackoffShort();
      expect(session.msUntilNextPoll).toBe(90_000);
    });

    it('is heard at once, each time, when the failed poll sent nothing', async () => {
      let credentials = false;
      const source: ConfigurationSource = {
        name: 'signed',
        async getLatestConfiguration() {
          if (!credentials) {
            throw new RequestError('MissingCredentials', 'Not signed in yet.', {
              operation: START,
              wasSent: false,
            });
          }
          return {
            configuration: new Uint8Array([49]),
            nextToken: 'next',
            nextPollIntervalInSeconds: 60,
          };
        },
      };
      const { session } = setup({ source, random: () => 1 });
      for (let attempt = 0; attempt < 5; attempt += 1) {
        expect(await codeOf(session.poll())).toBe('MissingCredentials');
        session.cutBackoffShort();
        expect(session.msUntilNextPoll).toBe(0);
      }
      credentials = true;
      expect((await session.poll()).value).toBe('1');
    });
  });

  it('gives up on a request that is not answered in time', async () => {
    const source: ConfigurationSource = {
      name: 'silent',
      getLatestConfiguration: () => new Promise(() => {}),
    };
    const { session, clock } = setup({ source, requestTimeoutMs: 5_000 });
    const code = codeOf(session.poll());
    await clock.advance(5_000);
    expect(await code).toBe('Timeout');
    expect(clock.scheduled).toBe(0);
  });

  it('treats a source that throws as one that failed', async () => {
    const source: ConfigurationSource = {
      name: 'broken',
      getLatestConfiguration: () => {
        throw new Error('no credentials');
      },
    };
    const { session } = setup({ source });
    const error: unknown = await session.poll().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ code: 'NetworkFailure', profile: 'flags' });
    expect(String(error)).toContain('no credentials');
  });

  it('says so when a source answers without bytes', async () => {
    const answer = { nextToken: 'next', nextPollIntervalInSeconds: 60 };
    const source = {
      name: 'empty-handed',
      getLatestConfiguration: () => Promise.resolve(JSON.parse(JSON.stringify(answer))),
    };
    const { session } = setup({ source });
    expect(await codeOf(session.poll())).toBe('InvalidAnswer');
  });

  it('reports undecodable content once, and keeps the last good version until it is fixed', async () => {
    const { session, clock, deploy, errors } = setup({
      decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)),
    });
    deploy('{"good": 1}');
    const good = await session.poll();
    deploy('{"bad');
    await clock.advance(MINUTE_MS);
    expect(await codeOf(session.poll())).toBe('MalformedContent');
    await clock.advance(MINUTE_MS);
    expect(await codeOf(session.poll())).toBe('MalformedContent');
    expect(session.last).toBe(good);
    expect(errors).toHaveLength(1);
    deploy('{"good": 2}');
    await clock.advance(MINUTE_MS);
    expect((await session.poll()).value).toEqual({ good: 2 });
    expect(session.error).toBeUndefined();
  });

  it('fetches a configuration again that was damaged on its way', async () => {
    const { session, clock, emulator, errors, operations } = setup({
      decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)),
    });
    emulator.deploy({ ...NAME, content: { good: 1 } });
    emulator.inject({ kind: 'garbage', operation: GET });
    expect(await codeOf(session.poll())).toBe('MalformedContent');
    await clock.advance(MINUTE_MS);
    expect((await session.poll()).value).toEqual({ good: 1 });
    expect(operations()).toEqual([START, GET, START, GET]);
    expect(errors).toHaveLength(1);
  });

  it('fetches a bad configuration twice, and then waits for another version', async () => {
    const { session, clock, deploy, errors, emulator } = setup({
      decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)),
    });
    deploy('{"bad');
    for (let poll = 0; poll < 10; poll += 1) {
      expect(await codeOf(session.poll())).toBe('MalformedContent');
      await clock.advance(MINUTE_MS);
    }
    expect(emulator.requests.filter(({ contentBytes }) => contentBytes > 0)).toHaveLength(2);
    expect(errors).toHaveLength(1);
  });

  it('keeps what it has when a captive portal answers with a page, and asks again soon', async () => {
    let page: string | undefined;
    const { emulator, clock } = setup();
    const session = new ConfigurationSession({
      ...NAME,
      source: createInPageSource({
        fetch: async (request) =>
          page
            ? new Response(page, { headers: { 'Content-Type': 'text/html' } })
            : emulator.fetch(request),
      }),
      clock,
      random: () => 0.5,
      decode: ({ bytes }) => new TextDecoder().decode(bytes),
    });
    expect((await session.poll()).value).toBe('one');
    await clock.advance(2 * MINUTE_MS);
    page = '<!doctype html><title>Sign in</title>';
    const error: unknown = await session.poll().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'InvalidAnswer' });
    expect(String(error)).toContain('an HTML page. A captive portal');
    expect(session.last?.value).toBe('one');
    page = undefined;
    await clock.advance(session.msUntilNextPoll);
    expect((await session.poll()).value).toBe('one');
  });

  it('names CORS when an answer has lost all of its headers', async () => {
    const { session, emulator } = setup();
    const headers = {
      'Next-Poll-Configuration-Token': null,
      'Next-Poll-Interval-In-Seconds': null,
    };
    emulator.inject({ kind: 'headers', operation: GET, headers });
    await expect(session.poll()).rejects.toThrow(/neither .* Access-Control-Expose-Headers/);
    expect(session.last).toBeUndefined();
  });

  it('treats an answer without a next token as invalid, and comes back with a new session', async () => {
    const { session, clock, emulator, errors, operations } = setup();
    const headers = { 'Next-Poll-Configuration-Token': null };
    emulator.inject({ kind: 'headers', operation: GET, headers });
    expect(await codeOf(session.poll())).toBe('InvalidAnswer');
    await clock.advance(1_000);
    expect((await session.poll()).value).toBe('one');
    expect(operations()).toEqual([START, GET, START, GET]);
    expect(errors.map(({ code }) => code)).toEqual(['InvalidAnswer']);
    expect(session.error).toBeUndefined();
  });

  it.each(['0', '-1', 'NaN', '1000000000', ''])(
    'treats an answer with an interval of "%s" as invalid',
    async (interval) => {
      const { session, emulator, errors } = setup();
      const headers = { 'Next-Poll-Interval-In-Seconds': interval };
      emulator.inject({ kind: 'headers', operation: GET, headers });
      expect(await codeOf(session.poll())).toBe('InvalidAnswer');
      expect(session.last).toBeUndefined();
      expect(errors.map(({ code }) => code)).toEqual(['InvalidAnswer']);
    },
  );

  it('keeps polling when the error callback throws', async () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { session, clock, emulator } = setup({
      onError: () => {
        throw new Error('in the callback');
      },
    });
    emulator.inject({ kind: 'reset', operation: GET });
    await codeOf(session.poll());
    await clock.advance(100);
    expect((await session.poll()).value).toBe('one');
    // Without a page, it would end the process.
    expect(String(said.mock.calls)).toContain('in the callback');
    said.mockRestore();
  });

  it('leaves nothing behind when it is disposed of', async () => {
    const { session, clock, emulator, errors, operations } = setup();
    emulator.inject({ kind: 'slow', delayMs: 10, operation: GET });
    const poll = codeOf(session.poll());
    await clock.advance(0);
    session.dispose();
    expect(await poll).toBe('SessionDisposed');
    expect(clock.scheduled).toBe(0);
    expect(await codeOf(session.poll())).toBe('SessionDisposed');
    expect(session.last).toBeUndefined();
    expect(operations().length).toBeLessThanOrEqual(2);
    expect(errors).toEqual([]);
  });

  it.each([
    ['application', ''],
    ['environment', 'e'.repeat(129)],
    ['profile', undefined],
  ])('refuses %s = %j', (parameter, value) => {
    expect(() => setup({ [parameter]: value })).toThrow(InvalidArgumentError);
    expect(() => setup({ [parameter]: value })).toThrow(parameter);
  });

  it('takes identifiers of 128 characters', () => {
    expect(() => setup({ profile: 'p'.repeat(128) })).not.toThrow();
  });

  it.each([14, 86_401, 15.5, Number.NaN])('refuses a poll interval of %d s', (interval) => {
    expect(() => setup({ requiredMinimumPollIntervalInSeconds: interval })).toThrow(
      /15 to 86400, not/,
    );
  });

  it('runs without React, a browser or a clock of ours', async () => {
    const session = new ConfigurationSession({
      ...NAME,
      decode: ({ bytes }) => bytes.length,
      source: {
        name: 'constant',
        getLatestConfiguration: () =>
          Promise.resolve({
            configuration: new Uint8Array(3),
            nextToken: 'next',
            nextPollIntervalInSeconds: 60,
          }),
      },
    });
    expect((await session.poll()).value).toBe(3);
    expect(session.msUntilNextPoll).toBeGreaterThan(59_000);
    expect(session.msUntilNextPoll).toBeLessThanOrEqual(66_000);
  });
});
