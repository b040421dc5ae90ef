import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/index.ts';
import { ConfigurationSession, type ConfigurationSource } from '../../src/session/index.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock, settle } from '../support/manualClock.ts';
import { HOUR_MS, MINUTE_MS, NAME } from './setup.ts';

const RUNS = Number(process.env['SESSION_MODEL_RUNS'] ?? 1_000);
const LONGEST_BACKOFF_MS = 5.5 * MINUTE_MS;
const LONGEST_INTERVAL_MS = 1.1 * MINUTE_MS;
const REQUEST_TIMEOUT_MS = 30_000;

type Action =
  | { do: 'poll'; callers: number }
  | { do: 'advance'; ms: number }
  | { do: 'jump'; ms: number }
  | { do: 'sleep'; ms: number }
  | { do: 'deploy' }
  | { do: 'deploy garbage' }
  | { do: 'hang' }
  | { do: 'expire' }
  | { do: 'inject'; fault: Fault };

const faults: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({
    kind: fc.constant('error' as const),
    status: fc.constantFrom(403, 429, 500, 503),
    retryAfterInSeconds: fc.option(fc.nat(90), { nil: undefined }),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constantFrom('reset' as const, 'expired' as const),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    kind: fc.constant('headers' as const),
    operation: fc.constant('GetLatestConfiguration' as const),
    headers: fc.constantFrom<Record<string, string | null>>(
      { 'Next-Poll-Configuration-Token': null },
      { 'Next-Poll-Interval-In-Seconds': '-1' },
      { 'Next-Poll-Interval-In-Seconds': '0' },
      { 'Next-Poll-Interval-In-Seconds': null },
    ),
  }),
);

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('poll' as const),
      callers: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      ms: fc.oneof(
        fc.nat(1_000),
        fc.nat(70_000),
        fc.integer({ min: 59_900, max: 60_010 }),
        fc.nat(26 * HOUR_MS),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.integer({ min: -30 * HOUR_MS, max: 30 * HOUR_MS }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.nat(30 * HOUR_MS) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'deploy' as const,
        'deploy garbage' as const,
        'hang' as const,
        'expire' as const,
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('inject' as const), fault: faults }) },
);

// With its first call, the AWS SDK loads parts of itself, which takes as long as the machine needs.
beforeAll(async () => {
  const emulator = createStrictEmulator();
  emulator.deploy({ ...NAME, content: 'version 1', contentType: 'text/plain' });
  await createInPageSource(emulator).getLatestConfiguration(NAME, new AbortController().signal);
});

describe('ConfigurationSession, by a model', () => {
  it(
    `keeps the protocol, loses nothing and comes back, in ${RUNS} random schedules`,
    { timeout: 240_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(actions, { minLength: 5, maxLength: 40, size: 'max' }),
          fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
          runSchedule,
        ),
        {
          numRuns: RUNS,
          ...(process.env['SESSION_MODEL_SEED'] && {
            seed: Number(process.env['SESSION_MODEL_SEED']),
          }),
        },
      );
    },
  );
});

async function runSchedule(schedule: Action[], numbers: Iterator<number>): Promise<void> {
  const world = createWorld(() => numbers.next().value);
  for (const action of schedule) {
    await world.run(action);
    world.check();
  }
  await world.checkConvergence();
  await world.checkDisposal();
}

function createWorld(random: () => number) {
  const clock = createManualClock();
  const emulator = createStrictEmulator({ clock: { now: () => clock.monotonicNow() } });
  let version = 0;
  let isHanging = false;
  let inFlight = 0;
  let mostInFlight = 0;
  let seen = 0;

  const deploy = (content: string) =>
    emulator.deploy({ ...NAME, content, contentType: 'text/plain' });
  const deployNext = () => deploy(`version ${(version += 1)}`);
  deployNext();

  const session = new ConfigurationSession({
    ...NAME,
    source: observe(createInPageSource(emulator)),
    clock,
    random,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    decode({ bytes }) {
      const [, number] = /^version (\d+)$/.exec(new TextDecoder().decode(bytes)) ?? [];
      if (number === undefined) throw new Error('not a version');
      return Number(number);
    },
  });

  /** Counts what is under way, and holds answers back for ever when told to. */
  function observe(source: ConfigurationSource): ConfigurationSource {
    const track = async <T>(call: Promise<T>): Promise<T> => {
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const answer = await call.finally(() => {
        inFlight -= 1;
      });
      if (!isHanging) return answer;
      isHanging = false;
      return new Promise<T>(() => {});
    };
    return {
      name: source.name,
      getLatestConfiguration: (...request) => track(source.getLatestConfiguration(...request)),
    };
  }

  function poll(callers: number) {
    for (let caller = 0; caller < callers; caller += 1) {
      session.poll().catch(() => {
        // A failed poll is part of the game; what the session knows afterwards is checked.
      });
    }
  }

  return {
    async run(action: Action) {
      switch (action.do) {
        case 'poll':
          poll(action.callers);
          break;
        case 'advance':
          await clock.advance(action.ms);
          break;
        case 'jump':
          clock.jump(action.ms);
          break;
        case 'sleep':
          clock.sleep(action.ms);
          break;
        case 'deploy':
          deployNext();
          break;
        case 'deploy garbage':
          deploy('garbage');
          break;
        case 'hang':
          isHanging = true;
          break;
        case 'expire':
          emulator.expireSessions();
          break;
        case 'inject':
          emulator.inject(action.fault);
      }
      await settle(4);
    },
    check() {
      expect(mostInFlight, 'at most one in flight').toBeLessThanOrEqual(1);
      expect(emulator.violations, 'no token twice, no call early').toEqual([]);
      expect(session.last?.value ?? 0, 'last good never lost').toBeGreaterThanOrEqual(seen);
      seen = session.last?.value ?? 0;
    },
    /** Once the faults stop, a client that polls when it may has the newest version soon. */
    async checkConvergence() {
      isHanging = false;
      emulator.clearFaults();
      deployNext();
      const deadline =
        clock.monotonicNow() + REQUEST_TIMEOUT_MS + LONGEST_BACKOFF_MS + LONGEST_INTERVAL_MS;
      // A Retry-After that was asked for before is still honoured.
      const retryAfterMs = 90_000;
      while (clock.monotonicNow() <= deadline + retryAfterMs && session.last?.value !== version) {
        poll(1);
        await settle(4);
        await clock.advance(Math.max(1_000, session.msUntilNextPoll));
        await clock.advance(0);
        this.check();
      }
      expect(session.last?.value, 'the newest version, after the faults').toBe(version);
    },
    async checkDisposal() {
      await clock.advance(session.msUntilNextPoll);
      isHanging = true;
      poll(1);
      await settle(4);
      expect(clock.scheduled, 'a request that waits for its answer').toBeGreaterThan(0);
      session.dispose();
      await settle(4);
      expect(clock.scheduled, 'nothing left after dispose').toBe(0);
      const { last, error } = session;
      await clock.advance(HOUR_MS);
      expect(session.last).toBe(last);
      expect(session.error).toBe(error);
      this.check();
    },
  };
}
