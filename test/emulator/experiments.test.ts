import { describe, expect, it } from 'vitest';
import { createEmulator, type Experiment } from '../../src/emulator/index.ts';
import { InvalidArgumentError } from '../../src/errors/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const FLAG = { ...NAME, flag: 'checkout' };
const ROUTE =
  'http://localhost:2772/applications/shop/environments/production/configurations/flags';
const EXPERIMENT: Experiment = {
  ...FLAG,
  control: { weight: 50, enabled: true, attributeValues: { steps: 3 } },
  treatments: [
    { weight: 30, enabled: true, attributeValues: { steps: 1 } },
    { weight: 20, enabled: false },
  ],
  exposurePercentage: 100,
};
const DEPLOYED = { enabled: true, steps: 5 };

function setup(experiment: Partial<Experiment> = {}) {
  const emulator = createEmulator({ multiVariantFlags, historyLength: 100 });
  emulator.deploy({ ...NAME, content: { checkout: DEPLOYED, other: { enabled: false } } });
  emulator.startExperiment({ ...EXPERIMENT, ...experiment });
  const read = async (entityId?: string, context = '', query = '?flag=checkout') => {
    const headers = new Headers();
    if (entityId !== undefined) headers.set('Entity-Id', entityId);
    if (context) headers.set('Context', context);
    const answer: Record<string, unknown> = await (
      await emulator.fetch(new Request(ROUTE + query, { headers }))
    ).json();
    return answer;
  };
  return { emulator, read };
}

describe('an experiment', () => {
  it('answers with the attributes of the treatment', async () => {
    const { read } = setup({ overrides: { jane: 't1', joe: 't2', ann: 'c' } });
    expect(await read('jane')).toEqual({ _variant: '__t1_override__', enabled: true, steps: 1 });
    expect(await read('joe')).toEqual({ _variant: '__t2_override__', enabled: false });
    expect(await read('ann')).toEqual({ _variant: '__c_override__', enabled: true, steps: 3 });
    expect(await read('jane', '', '?flag=checkout&flag=other')).toEqual({
      checkout: { _variant: '__t1_override__', enabled: true, steps: 1 },
      other: { enabled: false },
    });
  });

  it('leaves the flag as it is deployed for all others', async () => {
    const audienceRule = '(and (ne $country "US") (in $country ["NZ" "AU"]))';
    const { read } = setup({ audienceRule, exposurePercentage: 50 });
    expect(await read()).toEqual(DEPLOYED);
    expect(await read('jane', 'country=US')).toEqual(DEPLOYED);
    expect(await read('jane', '', '')).toMatchObject({ checkout: DEPLOYED });
    const answers = [];
    for (let index = 0; index < 200; index += 1)
      answers.push(await read(`u${index}`, 'country=NZ'));
    const exposed = answers.filter((answer) => '_variant' in answer).length;
    expect(exposed).toBeGreaterThan(70);
    expect(exposed).toBeLessThan(130);
  });

  it('adds entities when more are exposed, and moves none', async () => {
    const { emulator, read } = setup({ exposurePercentage: 20 });
    const readAll = async () => {
      const variants = [];
      for (let index = 0; index < 500; index += 1) {
        variants.push((await read(`user-${index}`))['_variant']);
      }
      return variants;
    };
    const before = await readAll();
    emulator.updateExperiment({ ...FLAG, exposurePercentage: 60 });
    const after = await readAll();
    expect(after.filter((_, index) => before[index])).toEqual(before.filter(Boolean));
    const count = (variants: readonly unknown[]) => variants.filter(Boolean).length;
    expect(count(after)).toBeGreaterThan(2 * count(before));
    expect(() => emulator.updateExperiment({ ...FLAG, exposurePercentage: 10 })).toThrow(/raised/);
  });

  it('writes down who was assigned what, as the Agent does', async () => {
    const { emulator, read } = setup({ overrides: { jane: 't1' } });
    await read('jane');
    await read();
    expect(emulator.assignments).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        treatmentKey: 't1',
        entityId: 'jane',
      },
    ]);
    expect(emulator.experiments).toMatchObject([
      { run: 1, status: 'RUNNING', assignments: { t1: 1 } },
    ]);
  });

  it('ends for everybody when it is stopped, and may begin again', async () => {
    const { emulator, read } = setup();
    emulator.stopExperiment(FLAG);
    expect(await read('jane')).toEqual(DEPLOYED);
    expect(() => emulator.stopExperiment(FLAG)).toThrow(/experiment that runs/);
    emulator.startExperiment(EXPERIMENT);
    expect(emulator.experiments.map(({ run, status }) => `${run} ${status}`)).toEqual([
      '1 DONE',
      '2 RUNNING',
    ]);
    expect(() => emulator.startExperiment(EXPERIMENT)).toThrow(/already running/);
  });

  it.each<[name: string, change: object, message: RegExp]>([
    ['no treatment', { treatments: [] }, /"treatments" must be a list of 1 to 5/],
    [
      'six treatments',
      { treatments: Array.from({ length: 6 }, () => ({ weight: 1, enabled: true })) },
      /1 to 5/,
    ],
    ['a weight below 0', { control: { weight: -1, enabled: true } }, /"control.weight"/],
    [
      'no weight at all',
      { control: { weight: 0, enabled: true }, treatments: [{ weight: 0, enabled: true }] },
      /weight above 0/,
    ],
    [
      'an attribute that no flag may have',
      { control: { weight: 1, enabled: true, attributeValues: { A: 1 } } },
      /"A": a key begins/,
    ],
    [
      'an exposure above 100',
      { exposurePercentage: 101 },
      /"exposurePercentage" must be a number from 0 to 100/,
    ],
    ['no exposure', { exposurePercentage: undefined }, /"exposurePercentage"/],
    [
      'an unknown treatment',
      { overrides: { jane: 't9' } },
      /"overrides" must hold one of c, t1, t2/,
    ],
    [
      'a rule with a mistake',
      { audienceRule: '(equals $a 1)' },
      /"audienceRule".*character 1.*equals/,
    ],
    ['a member that is misspelt', { weigths: 1 }, /"weigths" is unknown/],
    [
      'a configuration that is not deployed',
      { profile: 'other' },
      /"profile" must name a configuration that is deployed/,
    ],
  ])('is refused with %s', (_, change, message) => {
    const emulator = createEmulator({ multiVariantFlags });
    emulator.deploy({ ...NAME, content: { checkout: DEPLOYED } });
    const start = () => emulator.startExperiment({ ...EXPERIMENT, ...change });
    expect(start).toThrow(InvalidArgumentError);
    expect(start).toThrow(message);
    expect(emulator.experiments).toEqual([]);
  });

  it('says what it needs', () => {
    const emulator = createEmulator();
    expect(() => emulator.startExperiment(EXPERIMENT)).toThrow(
      /react-appconfig\/emulator\/variants/,
    );
  });
});
