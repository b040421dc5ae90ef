import { expect, it } from 'vitest';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { createAppConfigHandler, createAppConfigServer } from '../../src/entries/server.ts';
import { crossTabSource, loggedSource } from '../../src/entries/sources.ts';

const NAME = { application: 'shop', environment: 'production' };

it.each<[string, (source: unknown) => unknown]>([
  ['crossTabSource', (source) => Reflect.apply(crossTabSource, undefined, [source])],
  ['loggedSource', (source) => Reflect.apply(loggedSource, undefined, [source])],
  ['experimentSource', (source) => Reflect.apply(experimentSource, undefined, [source, 'all'])],
  [
    'createAppConfigServer',
    (source) => Reflect.apply(createAppConfigServer, undefined, [{ ...NAME, source }]),
  ],
  [
    'createAppConfigHandler',
    (source) =>
      Reflect.apply(createAppConfigHandler, undefined, [{ ...NAME, source, profiles: {} }]),
  ],
])('%s refuses what is no source', (_name, create) => {
  for (const source of [undefined, {}, 'agent', agentSource]) {
    expect(() => create(source)).toThrow(/^source must be a source such as/);
  }
});

it.each([undefined, 'new-checkout'])('experimentSource refuses %j as flags', (flagKeys) => {
  expect(() => Reflect.apply(experimentSource, undefined, [agentSource(), flagKeys])).toThrow(
    /^flagKeys must be a list of flags/,
  );
});
