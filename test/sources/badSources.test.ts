import { expect, it } from 'vitest';
import { agentSource, experimentSource } from '../../src/entries/agent.ts';
import { ConfigurationSession } from '../../src/entries/session.ts';
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

it.each(['document', 'treatments'])(
  'experimentSource makes no answer of one whose %s come without a token',
  async (tokenless) => {
    const source = experimentSource(
      {
        name: 'tokenless',
        getLatestConfiguration: async ({ flagKeys }) => ({
          configuration: new TextEncoder().encode('{"checkout":{"enabled":true}}'),
          contentType: 'application/json',
          nextPollIntervalInSeconds: 60,
          nextToken: (flagKeys ? 'treatments' : 'document') === tokenless ? undefined : 'token',
        }),
      },
      'all',
    );
    const session = new ConfigurationSession({
      ...NAME,
      profile: 'flags',
      source,
      entityId: 'somebody',
      decode: ({ bytes }) => bytes,
    });
    await expect(session.poll()).rejects.toMatchObject({ code: 'InvalidAnswer' });
    session.dispose();
  },
);
