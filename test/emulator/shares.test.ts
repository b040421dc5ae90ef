import { describe, expect, it } from 'vitest';
import { createEmulator } from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const ROUTE =
  'http://localhost:2772/applications/shop/environments/production/configurations/flags';
const MINUTE_MS = 60_000;
const ENTITIES = Array.from({ length: 100_000 }, (_, index) => `user-${index}@example.org`);

function setup() {
  const emulator = createEmulator({ multiVariantFlags, historyLength: 10 });
  emulator.deploy({ ...NAME, content: { checkout: { enabled: false } }, versionLabel: 'old' });
  const ask = (entityId: string) =>
    emulator.fetch(new Request(`${ROUTE}?flag=checkout`, { headers: { 'Entity-Id': entityId } }));
  return { emulator, ask };
}

describe('100,000 entities', () => {
  it('get a version in their share at each step of a roll-out, and none goes back', async () => {
    const { emulator, ask } = setup();
    const winners = new Set<string>();
    const reach = async () => {
      let count = 0;
      for (const entity of ENTITIES) {
        const isNew = (await ask(entity)).headers.get('Configuration-Version') === 'new';
        if (isNew) winners.add(entity);
        else if (winners.has(entity)) throw new Error(`${entity} went back`);
        if (isNew) count += 1;
      }
      return (count / ENTITIES.length) * 100;
    };
    expect(await reach()).toBe(0);
    emulator.deploy({
      ...NAME,
      content: { checkout: { enabled: true } },
      versionLabel: 'new',
      strategy: { deploymentDurationInMinutes: 10, growthFactor: 20, seed: 's' },
    });
    for (const share of [20, 40, 60, 80, 100]) {
      expect(Math.abs((await reach()) - share), `${share} %`).toBeLessThan(0.5);
      emulator.advance(2 * MINUTE_MS);
    }
  });

  it('get their treatments by weight, each the same every time', async () => {
    const { emulator, ask } = setup();
    emulator.startExperiment({
      ...NAME,
      flag: 'checkout',
      control: { weight: 50, enabled: false },
      treatments: [
        { weight: 30, enabled: true },
        { weight: 20, enabled: true },
      ],
      exposurePercentage: 100,
    });
    const variants = new Map<string, unknown>();
    const counts = new Map<unknown, number>();
    for (const entity of [...ENTITIES, ...ENTITIES]) {
      const { _variant }: Record<string, unknown> = await (await ask(entity)).json();
      if ((variants.get(entity) ?? _variant) !== _variant) throw new Error(`${entity} changed`);
      variants.set(entity, _variant);
      counts.set(_variant, (counts.get(_variant) ?? 0) + 1);
    }
    for (const [variant, share] of Object.entries({ __c__: 50, __t1__: 30, __t2__: 20 })) {
      const seen = ((counts.get(variant) ?? 0) / 2 / ENTITIES.length) * 100;
      expect(Math.abs(seen - share), `${variant} ${seen} %`).toBeLessThan(0.5);
    }
  });
});
