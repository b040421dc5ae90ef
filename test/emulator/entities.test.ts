import { describe, expect, it } from 'vitest';
import { createEmulator, type DeploymentStrategy } from '../../src/emulator/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const ROUTE =
  'http://localhost:2772/applications/shop/environments/production/configurations/flags';
const MINUTE_MS = 60_000;
const LINEAR: DeploymentStrategy = { deploymentDurationInMinutes: 10, growthFactor: 20, seed: 's' };

function setup(strategy = LINEAR) {
  const emulator = createEmulator({ historyLength: 10 });
  const send = (entityId?: string) =>
    emulator.fetch(
      new Request(ROUTE, { headers: entityId === undefined ? {} : { 'Entity-Id': entityId } }),
    );
  const versionFor = async (entityId?: string) =>
    (await send(entityId)).headers.get('Configuration-Version');
  emulator.deploy({ ...NAME, content: 'old', contentType: 'text/plain', versionLabel: 'old' });
  const rollOut = () =>
    emulator.deploy({
      ...NAME,
      content: 'new',
      contentType: 'text/plain',
      versionLabel: 'new',
      strategy,
    });
  return { emulator, send, versionFor, rollOut };
}

describe('a roll-out by entity', () => {
  it('reaches the same people with the same seed', async () => {
    const reached = async (seed: string) => {
      const { versionFor, rollOut } = setup({ ...LINEAR, growthFactor: 50, seed });
      rollOut();
      const versions = [];
      for (let index = 0; index < 100; index += 1) versions.push(await versionFor(`user-${index}`));
      expect(new Set(versions)).toEqual(new Set(['old', 'new']));
      return versions.join();
    };
    expect(await reached('a')).toBe(await reached('a'));
    expect(await reached('a')).not.toBe(await reached('b'));
  });

  it('takes everybody back when it is rolled back', async () => {
    const { emulator, versionFor, rollOut } = setup();
    rollOut();
    emulator.advance(6 * MINUTE_MS);
    emulator.rollBack(NAME);
    for (let index = 0; index < 100; index += 1) expect(await versionFor(`u${index}`)).toBe('old');
  });

  it('treats all requests without an entity as one target', async () => {
    const { versionFor, rollOut } = setup();
    rollOut();
    const versions = new Set<string | null>();
    for (let index = 0; index < 50; index += 1) versions.add(await versionFor());
    expect(versions.size).toBe(1);
  });

  it('can be rolled back while it bakes', async () => {
    const { emulator, versionFor, rollOut } = setup({ ...LINEAR, finalBakeTimeInMinutes: 5 });
    rollOut();
    emulator.advance(12 * MINUTE_MS);
    expect(emulator.configurations).toMatchObject([{ live: 1, rollOut: { percentage: 100 } }]);
    expect(await versionFor('a')).toBe('new');
    emulator.rollBack(NAME);
    expect(await versionFor('a')).toBe('old');
  });

  it('takes an id of 1 to 2,048 bytes', async () => {
    const { send } = setup();
    expect((await send('x'.repeat(2_048))).status).toBe(200);
    for (const id of ['', 'x'.repeat(2_049)]) {
      const response = await send(id);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/^BadRequestException: The Entity-Id header/);
    }
  });
});

describe('what EventBridge would receive', () => {
  it('reports each step of a roll-out, in order and with its time', () => {
    const { emulator, rollOut } = setup({ ...LINEAR, growthFactor: 50, finalBakeTimeInMinutes: 1 });
    const told: string[] = [];
    const stop = emulator.onEvent((event) => told.push(event['detail-type']));
    rollOut();
    const startedAt = Date.parse(emulator.events.at(-1)?.time ?? '');
    emulator.advance(60 * MINUTE_MS);
    expect(told).toEqual([
      'On Deployment Start',
      'On Deployment Step',
      'On Deployment Step',
      'On Deployment Baking',
      'On Deployment Complete',
    ]);
    const minutes = emulator.events
      .slice(-5)
      .map(({ time }) => Math.round((Date.parse(time) - startedAt) / MINUTE_MS));
    expect(minutes).toEqual([0, 0, 5, 5, 6]);
    emulator.rollBack(NAME);
    expect(emulator.events.at(-1)).toMatchObject({
      version: '0',
      id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      source: 'aws.appconfig',
      'detail-type': 'On Deployment Rollback',
      detail: {
        Type: 'OnDeploymentRolledBack',
        Application: { Name: 'shop', Id: expect.stringMatching(/^[a-z\d]{7}$/) },
        Environment: { Name: 'production' },
        ConfigurationProfile: { Name: 'flags' },
        DeploymentNumber: 2,
        ConfigurationVersion: '2',
      },
    });
    stop();
    rollOut();
    expect(told.at(-1)).toBe('On Deployment Rollback');
  });
});

describe('numbers', () => {
  it('count versions for each profile, over its environments', () => {
    const { emulator } = setup();
    emulator.deploy({ ...NAME, profile: 'other', content: {} });
    emulator.deploy({ ...NAME, environment: 'beta', content: {} });
    expect(emulator.configurations.map(({ versions }) => versions[0]?.number)).toEqual([1, 1, 2]);
  });
});
