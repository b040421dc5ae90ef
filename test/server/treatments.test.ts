import { expect, it } from 'vitest';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { createAppConfigServer } from '../../src/entries/server.ts';
import { createStrictEmulator } from '../support/emulators.ts';
import { SHOP } from './setup.ts';

const PEOPLE = 10_000;

it('server and page show each of ten thousand people one treatment, as the README has it', async () => {
  const emulator = createStrictEmulator({ multiVariantFlags });
  emulator.deploy({
    ...SHOP,
    profile: 'flags',
    content: {
      version: '1',
      flags: {
        checkout: { name: 'Checkout', attributes: { steps: { constraints: { type: 'number' } } } },
      },
      values: { checkout: { enabled: true, steps: 3 } },
    },
  });
  emulator.startExperiment({
    ...SHOP,
    profile: 'flags',
    flag: 'checkout',
    control: { weight: 50, enabled: true, attributeValues: { steps: 3 } },
    treatments: [{ weight: 50, enabled: true, attributeValues: { steps: 1 } }],
    exposurePercentage: 100,
  });
  const server = createAppConfigServer({
    ...SHOP,
    source: experimentSource(
      agentSource({ fetch: async (url, init) => emulator.fetch(new Request(url, init)) }),
      ['checkout'],
    ),
    flags: 'flags',
    profiles: { flags: { allow: ['checkout'] } },
  });
  const handler = server.createHandler({ acceptEntityId: true });
  const page = experimentSource(
    agentSource({
      endpoint: 'http://localhost',
      fetch: async (url, init) => handler(new Request(url, init)),
    }),
    ['checkout'],
  );
  const seen = new Map<string, number>();
  for (let person = 0; person < PEOPLE; person += 1) {
    const entityId = `person-${person}`;
    const { variant } = await server.getFlagDetails('checkout', { entityId });
    const { configuration } = await page.getLatestConfiguration(
      { ...SHOP, profile: 'flags', entityId },
      new AbortController().signal,
    );
    const { checkout } = JSON.parse(new TextDecoder().decode(configuration));
    if (checkout._variant !== variant)
      throw new Error(`${entityId}: ${variant}, and in the page ${checkout._variant}`);
    seen.set(String(variant), (seen.get(String(variant)) ?? 0) + 1);
  }
  expect([...seen.keys()].toSorted()).toEqual(['__c__', '__t1__']);
  expect(Math.abs((seen.get('__c__') ?? 0) / PEOPLE - 0.5)).toBeLessThan(0.05);
});
