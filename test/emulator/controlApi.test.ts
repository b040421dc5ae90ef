import { afterEach, describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { serveEmulator, type EmulatorServer } from '../../src/emulator/node/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const FLAG = { ...NAME, flag: 'checkout' };
type Input = Readonly<Record<string, unknown>>;

/** Each call with all the members that it may have. */
const CALLS: Readonly<Record<string, Input>> = {
  deploy: {
    ...NAME,
    content: '{"checkout": {"enabled": true}}',
    contentType: 'application/json',
    versionLabel: 'v2',
    type: 'AWS.AppConfig.FeatureFlags',
    strategy: {
      deploymentDurationInMinutes: 10,
      growthFactor: 20,
      growthType: 'LINEAR',
      finalBakeTimeInMinutes: 1,
      seed: 's',
    },
  },
  'roll-back': NAME,
  inject: {
    kind: 'error',
    status: 503,
    retryAfterInSeconds: 5,
    times: 3,
    operation: 'GetConfiguration',
    probability: 0.5,
  },
  'clear-faults': {},
  'expire-sessions': {},
  advance: { ms: 5 },
  'start-experiment': {
    ...FLAG,
    control: { weight: 1, enabled: true, attributeValues: { a: 1 } },
    treatments: [{ weight: 1, enabled: true }],
    audienceRule: '(eq $a "b")',
    exposurePercentage: 10,
    overrides: { jane: 't1' },
  },
  'update-experiment': { ...FLAG, exposurePercentage: 50 },
  'stop-experiment': FLAG,
};
const OTHER_KINDS: readonly Input[] = [
  { kind: 'slow', delayMs: 5 },
  { kind: 'headers', headers: { 'Content-Type': null } },
  { kind: 'reset' },
  { kind: 'expired' },
  { kind: 'garbage' },
];

let server: EmulatorServer | undefined;
afterEach(() => server?.close());

async function setup() {
  const emulator = createEmulator({ multiVariantFlags });
  emulator.deploy({ ...NAME, content: { checkout: { enabled: true } } });
  emulator.deploy({ ...NAME, content: { checkout: { enabled: false } } });
  server = await serveEmulator(emulator);
  const { url } = server;
  const call = async (action: string, input: unknown) => {
    const response = await fetch(`${url}/control/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    return { status: response.status, message: text };
  };
  return { emulator, url, call };
}

/** The input with each member replaced by a wrong value, one at a time, and with a misspelt one added. */
function mutationsOf(input: Input, path = ''): [name: string, input: Input][] {
  const misspelt: [string, Input] = [`${path}misspelt`, Object.assign({}, input, { misspelt: 1 })];
  const mutated = Object.entries(input).flatMap(([name, value]): [string, Input][] => {
    const wrong = name === 'content' ? ['{', ''] : [wrongFor(value), null, [], { x: {} }];
    const withOther = (other: unknown) => Object.assign(structuredClone(input), { [name]: other });
    const replaced = wrong
      // Null is valid: the fault lasts until the faults are cleared.
      .filter((candidate) => !(name === 'times' && candidate === null))
      .map((candidate): [string, Input] => [path + name, withOther(candidate)]);
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    const isOpen = ['attributeValues', 'overrides', 'headers'].includes(name);
    const nested = isNested && !isOpen ? mutationsOf({ ...value }, `${path}${name}.`) : [];
    const inner = nested.map(([where, other]): [string, Input] => [where, withOther(other)]);
    return replaced.concat(inner);
  });
  return [misspelt, ...mutated];
}

function wrongFor(value: unknown): unknown {
  if (typeof value === 'number') return -1;
  if (typeof value === 'boolean') return 'yes';
  return typeof value === 'string' ? 7 : 'WILD';
}

describe('the controls over HTTP', () => {
  it('do what they are asked for', async () => {
    const { emulator, call } = await setup();
    for (const [action, input] of Object.entries(CALLS)) {
      expect(await call(action, input), action).toEqual({ status: 204, message: '' });
    }
    for (const fault of OTHER_KINDS) expect((await call('inject', fault)).status).toBe(204);
    expect(emulator.faults).toMatchObject(OTHER_KINDS);
    expect(await call('inject', { kind: 'reset', times: null })).toMatchObject({ status: 204 });
    expect(emulator.faults.at(-1)?.times).toBe(Infinity);
  });

  it.each([...Object.keys(CALLS), 'inject another kind'])(
    'refuse each wrong value, and name its member: %s',
    async (name) => {
      const { emulator, call } = await setup();
      const [action = ''] = name.split(' ');
      if (action === 'update-experiment') await call('start-experiment', CALLS['start-experiment']);
      const inputs = name === action ? [CALLS[action] ?? {}] : OTHER_KINDS;
      const before = emulator.configurations.map(({ versions }) => versions.length);
      for (const [member, mutated] of inputs.flatMap((input) => mutationsOf(input))) {
        const { status, message } = await call(action, mutated);
        const what = `${member}: ${JSON.stringify(mutated)}: ${message}`;
        expect(status, what).toBe(400);
        expect(message, what).toContain(`\\"${member}`);
      }
      expect(emulator.configurations.map(({ versions }) => versions.length)).toEqual(before);
      expect(emulator.faults).toEqual([]);
    },
  );

  it('name what is wrong with a version label or a content type that no header carries', async () => {
    const { call } = await setup();
    for (const wrong of ['v\r\n1', 'версия', 'v1\u0007']) {
      for (const member of ['versionLabel', 'contentType']) {
        const { status, message } = await call('deploy', { ...CALLS['deploy'], [member]: wrong });
        expect(status).toBe(400);
        expect(message).toContain(`\\"${member}\\" travels in a header`);
      }
    }
  });

  it('read a version by its number alone', async () => {
    const { url } = await setup();
    const query = new URLSearchParams(NAME);
    expect((await fetch(`${url}/control/content?${query}&version=1`)).status).toBe(200);
    expect((await fetch(`${url}/control/content?${query}&version=9`)).status).toBe(404);
    for (const version of ['', 'x', '1.5']) {
      expect((await fetch(`${url}/control/content?${query}&version=${version}`)).status).toBe(400);
    }
  });
});
