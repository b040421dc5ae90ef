import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/entries/errors.ts';
import { createEmulator, type DeploymentStrategy } from '../../src/emulator/index.ts';
import { createInPageSource } from '../support/emulators.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const MINUTE_MS = 60_000;

function setup() {
  const emulator = createEmulator({ pollIntervalInSeconds: 15 });
  const source = createInPageSource(emulator);
  const newSignal = () => new AbortController().signal;
  const deploy = (content: string, strategy?: DeploymentStrategy) =>
    emulator.deploy({ ...NAME, content, contentType: 'text/plain', strategy });
  /** A client that remembers the newest content, as every client has to. */
  const startClient = async () => {
    let token: string | undefined;
    let content = '';
    return async () => {
      const answer = await source.getLatestConfiguration({ ...NAME, token }, newSignal());
      token = answer.nextToken;
      content = new TextDecoder().decode(answer.configuration) || content;
      return content;
    };
  };
  const startClients = (count: number) => Promise.all(Array.from({ length: count }, startClient));
  const pollAll = (clients: readonly (() => Promise<string>)[]) =>
    Promise.all(clients.map((poll) => poll()));
  const countNew = async (clients: readonly (() => Promise<string>)[]) =>
    (await pollAll(clients)).filter((content) => content === 'new').length;
  return { emulator, deploy, startClients, pollAll, countNew };
}

describe('a deployment that rolls out', () => {
  it('reaches a growing share of sessions, which keep it, and in the end all of them', async () => {
    const { emulator, deploy, startClients, countNew, pollAll } = setup();
    deploy('old');
    const clients = await startClients(200);
    await pollAll(clients);
    deploy('new', { deploymentDurationInMinutes: 10, growthFactor: 20, seed: 's' });
    const shares = [];
    const winners = new Set<number>();
    for (let minute = 0; minute <= 10; minute += 2) {
      emulator.advance(minute === 0 ? 15_000 : 2 * MINUTE_MS);
      const contents = await pollAll(clients);
      for (const index of winners) expect(contents[index]).toBe('new');
      for (const [index, content] of contents.entries()) if (content === 'new') winners.add(index);
      shares.push(winners.size / 200);
    }
    for (const [index, share] of [0.2, 0.4, 0.6, 0.8, 1, 1].entries()) {
      expect(Math.abs((shares[index] ?? 0) - share), `step ${index}`).toBeLessThan(0.1);
    }
    expect(await countNew(await startClients(5))).toBe(5);
    expect(emulator.configurations).toMatchObject([{ live: 2, rollOut: undefined }]);
  });

  it('doubles with exponential growth', async () => {
    const { emulator, deploy } = setup();
    deploy('old');
    deploy('new', {
      deploymentDurationInMinutes: 40,
      growthFactor: 10,
      growthType: 'EXPONENTIAL',
    });
    const percentages = [0, 10, 10, 10, 10].map((minutes) => {
      emulator.advance(minutes * MINUTE_MS);
      return emulator.configurations[0]?.rollOut?.percentage;
    });
    expect(percentages).toEqual([10, 20, 40, 80, undefined]);
  });

  it('reaches the same sessions with the same seed, and others with another', async () => {
    const reached = async (seed: string) => {
      const { emulator, deploy, startClients, pollAll } = setup();
      deploy('old');
      const clients = await startClients(50);
      deploy('new', { deploymentDurationInMinutes: 10, growthFactor: 50, seed });
      emulator.advance(1_000);
      return (await pollAll(clients)).join();
    };
    expect(await reached('a')).toBe(await reached('a'));
    expect(await reached('a')).not.toBe(await reached('b'));
  });

  it('can be rolled back, which takes the version from those who have it', async () => {
    const { emulator, deploy, startClients, countNew, pollAll } = setup();
    deploy('old');
    const clients = await startClients(20);
    deploy('new', { deploymentDurationInMinutes: 10, growthFactor: 50 });
    expect(await countNew(clients)).toBeGreaterThan(0);
    emulator.rollBack(NAME);
    emulator.advance(15_000);
    expect(new Set(await pollAll(clients))).toEqual(new Set(['old']));
  });

  it('gives way to the next deployment', async () => {
    const { emulator, deploy, startClients, pollAll } = setup();
    deploy('old');
    deploy('middle', { deploymentDurationInMinutes: 10, growthFactor: 50 });
    deploy('new', { deploymentDurationInMinutes: 10, growthFactor: 50 });
    const contents = await pollAll(await startClients(50));
    expect(new Set(contents)).toEqual(new Set(['old', 'new']));
    expect(emulator.configurations[0]).toMatchObject({ live: 1, rollOut: { version: 3 } });
  });

  it('takes effect at once for the first version, as there is no other to serve', async () => {
    const { deploy, startClients, countNew } = setup();
    deploy('new', { deploymentDurationInMinutes: 10, growthFactor: 1 });
    expect(await countNew(await startClients(10))).toBe(10);
  });
});

describe('the history of a configuration', () => {
  it('goes back version by version, to the first', async () => {
    const { emulator, deploy, startClients, pollAll } = setup();
    deploy('one');
    deploy('two');
    deploy('three');
    const clients = await startClients(1);
    const read = async () => {
      emulator.advance(15_000);
      return (await pollAll(clients))[0];
    };
    expect(await read()).toBe('three');
    emulator.rollBack(NAME);
    expect(await read()).toBe('two');
    emulator.rollBack(NAME);
    expect(await read()).toBe('one');
    expect(emulator.configurations[0]?.canRollBack).toBe(false);
    expect(() => emulator.rollBack(NAME)).toThrow(InvalidArgumentError);
    expect(() => emulator.rollBack({ ...NAME, profile: 'other' })).toThrow(/roll back/);
    expect(await read()).toBe('one');
  });

  it('is listed with what was deployed', () => {
    const { emulator, deploy } = setup();
    deploy('one');
    const stored = JSON.stringify({ version: '1', values: { a: { enabled: true } } });
    emulator.deploy({ ...NAME, content: stored, versionLabel: 'flags' });
    expect(emulator.configurations).toMatchObject([
      {
        ...NAME,
        live: 2,
        versions: [
          { number: 1, contentType: 'text/plain', contentBytes: 3, versionLabel: undefined },
          { number: 2, contentType: 'application/json', versionLabel: 'flags' },
        ],
      },
    ]);
    expect(new TextDecoder().decode(emulator.contentOf(NAME, 2))).toBe(stored);
    expect(emulator.contentOf(NAME, 3)).toBeUndefined();
    expect(emulator.contentOf({ ...NAME, profile: 'x' }, 1)).toBeUndefined();
  });

  it('keeps to twenty versions', () => {
    const { emulator, deploy } = setup();
    for (let index = 0; index < 50; index += 1) deploy(`version ${index}`);
    expect(emulator.configurations[0]?.versions).toHaveLength(20);
    for (let index = 0; index < 19; index += 1) emulator.rollBack(NAME);
    expect(() => emulator.rollBack(NAME)).toThrow(InvalidArgumentError);
  });
});

describe('sessions', () => {
  it('are listed while their token can be used', async () => {
    const { emulator, deploy, startClients, pollAll } = setup();
    deploy('one');
    const clients = await startClients(2);
    await pollAll(clients);
    expect(emulator.sessions).toMatchObject([
      { ...NAME, id: 1, pollCount: 1, version: 1, intervalInSeconds: 15 },
      { ...NAME, id: 2, pollCount: 1, version: 1, intervalInSeconds: 15 },
    ]);
    emulator.advance(24 * 60 * MINUTE_MS + 1);
    expect(emulator.sessions).toEqual([]);
  });
});

describe('bad input', () => {
  it.each([
    ['an empty name', { ...NAME, application: '', content: '' }, /"application"/],
    ['a name of 129 characters', { ...NAME, profile: 'x'.repeat(129), content: '' }, /"profile"/],
    ['a label of digits', { ...NAME, content: '', versionLabel: '12' }, /"versionLabel"/],
    ['a label of 65 letters', { ...NAME, content: '', versionLabel: 'x'.repeat(65) }, /64/],
    [
      'a growth of 0',
      { ...NAME, content: '', strategy: { deploymentDurationInMinutes: 1, growthFactor: 0 } },
      /"strategy.growthFactor"/,
    ],
    [
      'two days',
      { ...NAME, content: '', strategy: { deploymentDurationInMinutes: 2_880, growthFactor: 1 } },
      /"strategy.deploymentDurationInMinutes"/,
    ],
  ])('is refused: %s', (_, deployment, message) => {
    const emulator = createEmulator();
    expect(() => emulator.deploy(deployment)).toThrow(InvalidArgumentError);
    expect(() => emulator.deploy(deployment)).toThrow(message);
    expect(emulator.configurations).toEqual([]);
  });

  it('is refused in faults and options, too', () => {
    const emulator = createEmulator();
    expect(() => emulator.inject({ kind: 'reset', times: 0 })).toThrow(/"times"/);
    expect(() => emulator.inject({ kind: 'reset', probability: 2 })).toThrow(/"probability"/);
    expect(() => emulator.inject({ kind: 'slow', delayMs: -1 })).toThrow(/"delayMs"/);
    expect(() => createEmulator({ pollIntervalInSeconds: 1.5 })).toThrow(/whole number/);
    expect(emulator.faults).toEqual([]);
  });

  it('strikes by chance where a fault has a probability', async () => {
    const numbers = [0.9, 0.05, 0.9];
    const emulator = createEmulator({ random: () => numbers.shift() ?? 1 });
    emulator.deploy({ ...NAME, content: {} });
    emulator.inject({ kind: 'error', status: 503, probability: 0.1, times: Infinity });
    const route = 'http://e/applications/shop/environments/production/configurations/flags';
    const statuses = [];
    for (let index = 0; index < 3; index += 1) {
      statuses.push((await emulator.fetch(new Request(route))).status);
    }
    expect(statuses).toEqual([200, 503, 200]);
  });
});
