import { afterEach, expect, it, vi } from 'vitest';
import { ConfigurationSession } from '../../src/session/index.ts';
import { crossTabSource } from '../../src/entries/sources.ts';
import { AppConfigClient } from '../../src/entries/index.ts';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { multiVariantFlags } from '../../src/entries/emulatorVariants.ts';
import {
  createInPageAgentSource,
  createInPageSource,
  createStrictEmulator,
} from '../support/emulators.ts';

const PARTIES = 5;
const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const decode = ({ bytes }: { bytes: Uint8Array }): string => new TextDecoder().decode(bytes);
const disposals: (() => void)[] = [];

afterEach(() => {
  for (const dispose of disposals.splice(0)) dispose();
});

/** Five parties that share what tabs share: the browser's locks and a channel, and nothing else. */
function setup() {
  const emulator = createStrictEmulator({ pollIntervalInSeconds: 1 });
  emulator.deploy({ ...NAME, content: 'one', contentType: 'text/plain', versionLabel: 'v1' });
  const parties = Array.from({ length: PARTIES }, () => {
    const source = crossTabSource(createInPageSource(emulator));
    disposals.push(() => source.dispose());
    return { source, session: new ConfigurationSession({ ...NAME, source, decode }) };
  });
  const count = (operation: string) =>
    emulator.requests.filter((request) => request.operation === operation).length;
  const everybodyReads = (value: string) =>
    vi.waitFor(
      async () => {
        const snapshots = await Promise.all(parties.map(({ session }) => session.poll()));
        expect(snapshots.map((snapshot) => snapshot.value)).toEqual(parties.map(() => value));
      },
      { timeout: 15_000, interval: 50 },
    );
  return { emulator, parties, count, everybodyReads };
}

it('polls once per interval for five parties, and hands each the new version', async () => {
  const { emulator, count, everybodyReads } = setup();
  await everybodyReads('one');
  expect(count('StartConfigurationSession')).toBe(1);
  emulator.deploy({ ...NAME, content: 'two', contentType: 'text/plain', versionLabel: 'v2' });
  await everybodyReads('two');
  const [first, ...others] = emulator.requests.filter(
    ({ operation }) => operation === 'GetLatestConfiguration',
  );
  const polls = [first?.at ?? 0, ...others.map(({ at }) => at)];
  const gaps = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  expect(count('StartConfigurationSession')).toBe(1);
}, 40_000);

/** What a frame without permissions reports after it polled for a while. */
interface FrameReport {
  value: string;
  lockRequests: number;
}

it('polls alone in a sandboxed frame, which may not use locks, and does not ask for them again and again', async () => {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts');
  frame.srcdoc = `<script type="module">
    const report = (message) => parent.postMessage(message, '*');
    let lockRequests = 0;
    const request = LockManager.prototype.request;
    LockManager.prototype.request = function (...parameters) {
      lockRequests += 1;
      if (lockRequests > 100) throw new Error('Asked for a lock again and again.');
      return request.apply(this, parameters);
    };
    try {
      const { crossTabSource } = await import('${location.origin}/src/entries/sources.ts');
      const source = crossTabSource({
        name: 'frame',
        getLatestConfiguration: async () => ({
          configuration: new TextEncoder().encode('polled alone'),
          nextToken: 'next',
          nextPollIntervalInSeconds: 60,
          contentType: 'text/plain',
        }),
      });
      const names = { application: 'shop', environment: 'production', profile: 'flags' };
      const { signal } = new AbortController();
      const answer = await source.getLatestConfiguration(names, signal);
      await new Promise((resolve) => setTimeout(resolve, 500));
      report({ value: new TextDecoder().decode(answer.configuration), lockRequests });
    } catch (error) {
      report({ value: String(error), lockRequests });
    }
  </script>`;
  const reported = new Promise<FrameReport>((resolve) => {
    addEventListener('message', ({ source, data }) => {
      if (source === frame.contentWindow) resolve(data);
    });
  });
  document.body.append(frame);
  disposals.push(() => frame.remove());
  expect(await reported).toEqual({ value: 'polled alone', lockRequests: 1 });
});

it('does not take the lead after it was disposed of, even if it was waiting for a silent leader', async () => {
  const { emulator, parties, everybodyReads } = setup();
  await everybodyReads('one');
  const { held = [] } = await navigator.locks.query();
  const name = held.find((lock) => lock.name?.includes('react-appconfig'))?.name ?? '';
  for (const { source, session } of parties) {
    source.dispose();
    session.dispose();
  }
  let release: () => void = () => undefined;
  let isStolen = false;
  const frozen = navigator.locks.request(
    name,
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  frozen.catch(() => {
    isStolen = true;
  });
  const requests = emulator.requests.length;
  const source = crossTabSource(createInPageSource(emulator));
  const asked = source.getLatestConfiguration(NAME, new AbortController().signal);
  const outcome = asked.then(() => 'an answer', String);
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  source.dispose();
  expect(await outcome).toContain('disposed of');
  await new Promise((resolve) => {
    setTimeout(resolve, 4_000);
  });
  expect([isStolen, emulator.requests.length]).toEqual([false, requests]);
  release();
}, 40_000);

it('asks whoever leads when it loses the lead while it polls, as a page does that was frozen', async () => {
  const { emulator, parties, everybodyReads } = setup();
  await everybodyReads('one');
  emulator.deploy({ ...NAME, content: 'two', contentType: 'text/plain', versionLabel: 'v2' });
  const { held = [] } = await navigator.locks.query();
  const name = held.find((lock) => lock.name?.includes('react-appconfig'))?.name ?? '';
  emulator.inject({ kind: 'slow', delayMs: 1_000, operation: 'GetLatestConfiguration' });
  // The interval of a second, with its jitter.
  await new Promise((resolve) => {
    setTimeout(resolve, 1_200);
  });
  const { signal } = new AbortController();
  const asked = parties.map(({ source }) => source.getLatestConfiguration(NAME, signal));
  await vi.waitFor(() => expect(emulator.faults).toEqual([]), 5_000);
  await navigator.locks.request(name, { steal: true }, () => undefined);
  const answers = await Promise.all(asked);
  expect(answers.map(({ configuration }) => decode({ bytes: configuration }))).toEqual(
    parties.map(() => 'two'),
  );
  expect(emulator.violations).toEqual([]);
}, 40_000);

it('continues with a session of its own when the party that polls leaves', async () => {
  const { emulator, parties, count, everybodyReads } = setup();
  await everybodyReads('one');
  const [leader] = parties.splice(0, 1);
  leader?.source.dispose();
  leader?.session.dispose();
  emulator.deploy({ ...NAME, content: 'two', contentType: 'text/plain', versionLabel: 'v2' });
  await everybodyReads('two');
  expect(count('StartConfigurationSession')).toBe(2);
  expect(emulator.violations).toEqual([]);
}, 40_000);

it('hands on the treatments of an experiment, which are asked for by name', async () => {
  const emulator = createStrictEmulator({ multiVariantFlags });
  emulator.deploy({ ...NAME, content: { checkout: { enabled: false } } });
  emulator.startExperiment({
    ...NAME,
    flag: 'checkout',
    exposurePercentage: 100,
    control: { weight: 0, enabled: false },
    treatments: [{ weight: 1, enabled: true, attributeValues: { steps: 1 } }],
  });
  const tabs = [1, 2].map(() => {
    const source = crossTabSource(createInPageAgentSource(emulator));
    disposals.push(() => source.dispose());
    return experimentSource(source, 'all');
  });
  const { signal } = new AbortController();
  for (const source of tabs) {
    const answer = await source.getLatestConfiguration({ ...NAME, entityId: 'jane' }, signal);
    expect(JSON.parse(decode({ bytes: answer.configuration }))).toEqual({
      checkout: { _variant: '__t1__', enabled: true, steps: 1 },
    });
  }
  expect(emulator.assignments).toHaveLength(1);
});

/** What the locks and channels of this test are called. */
async function countLocks(name: string): Promise<number> {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].filter((lock) => lock.name?.includes(name)).length;
}

it('lets go of locks and channels of each audience that nobody asks for any more', async () => {
  const emulator = createStrictEmulator({ pollIntervalInSeconds: 1, multiVariantFlags });
  emulator.deploy({ ...NAME, content: { dark: { enabled: true } } });
  const source = crossTabSource(createInPageAgentSource(emulator, { name: 'leaving' }));
  const client = new AppConfigClient({ ...NAME, source, flags: 'flags', entityId: 'person 0' });
  const stop = client.profile().subscribe(() => undefined);
  for (let index = 1; index <= 20; index += 1) {
    await vi.waitFor(() => expect(client.profile().state.pollCount).toBeGreaterThan(0));
    client.setEvaluationContext({ entityId: `person ${index}` });
  }
  await vi.waitFor(async () => expect(await countLocks('leaving')).toBe(1), 5_000);
  stop();
  client.dispose();
  await vi.waitFor(async () => expect(await countLocks('leaving')).toBe(0), 5_000);
});

it('shares nothing between the tabs of two people who have tokens', async () => {
  const answerOf = (person: string) => async () =>
    new Response(JSON.stringify({ owner: { enabled: true, name: person } }), {
      headers: { 'Configuration-Version': '1', ETag: '"1"', 'Content-Type': 'application/json' },
    });
  const readAs = async (person: string, options: { sharedBy?: string } = {}) => {
    const source = crossTabSource(
      agentSource({
        endpoint: 'https://shop.example',
        accessToken: `token of ${person}`,
        fetch: answerOf(person),
        ...options,
      }),
    );
    disposals.push(() => source.dispose());
    return (await new ConfigurationSession({ ...NAME, source, decode }).poll()).value;
  };
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  expect(await readAs('ann')).toContain('"ann"');
  expect(await readAs('ben')).toContain('"ben"');
  expect(warn.mock.calls.join()).toContain('sharedBy');
  warn.mockRestore();
  expect(await readAs('cid', { sharedBy: 'cid' })).toContain('"cid"');
  expect(await readAs('dan', { sharedBy: 'dan' })).toContain('"dan"');
  // Another tab of the same person gets what the first one has.
  expect(await readAs('the second tab of dan', { sharedBy: 'dan' })).toContain('"dan"');
});

it.each([
  [
    'a BroadcastChannel that cannot be opened',
    () =>
      vi.stubGlobal('BroadcastChannel', function refuse() {
        throw new DOMException('denied', 'SecurityError');
      }),
  ],
  [
    'a BroadcastChannel that cannot be written to',
    () =>
      vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(() => {
        throw new DOMException('closed', 'InvalidStateError');
      }),
  ],
  [
    'a lock that is neither granted nor refused',
    () =>
      vi.spyOn(LockManager.prototype, 'request').mockImplementation(() => new Promise(() => {})),
  ],
])(
  'polls alone where there is %s',
  async (_, spoil) => {
    const emulator = createStrictEmulator({ pollIntervalInSeconds: 1 });
    emulator.deploy({ ...NAME, content: 'one', contentType: 'text/plain' });
    spoil();
    const source = crossTabSource(createInPageSource(emulator, `alone ${crypto.randomUUID()}`));
    const session = new ConfigurationSession({ ...NAME, source, decode });
    expect((await session.poll()).value).toBe('one');
    await vi.waitFor(() => expect(session.msUntilNextPoll).toBe(0), 5_000);
    emulator.deploy({ ...NAME, content: 'two', contentType: 'text/plain' });
    await vi.waitFor(async () => expect((await session.poll()).value).toBe('two'), 5_000);
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    source.dispose();
  },
  30_000,
);
