import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationSession } from '../../src/session/index.ts';
import { appConfigDataSource } from '../../src/sources/appconfigdata/index.ts';
import { createStrictEmulator, TEST_CREDENTIALS } from '../support/emulators.ts';
import { createManualClock } from '../support/manualClock.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const clock = createManualClock();
const emulator = createStrictEmulator({ clock });
const server = setupServer(
  http.all('https://appconfigdata.eu-central-1.amazonaws.com/*', ({ request }) =>
    emulator.fetch(request),
  ),
);

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

describe('the emulator as a handler of msw', () => {
  it('answers the AWS SDK in the place of AWS itself', async () => {
    emulator.deploy({ ...NAME, content: { 'dark-mode': { enabled: true } }, versionLabel: 'v1' });
    const session = new ConfigurationSession({
      ...NAME,
      clock,
      source: appConfigDataSource(
        new AppConfigDataClient({ region: 'eu-central-1', credentials: TEST_CREDENTIALS }),
      ),
      decode: ({ bytes }): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    });
    expect(await session.poll()).toMatchObject({
      value: { 'dark-mode': { enabled: true } },
      versionLabel: 'v1',
    });
    emulator.deploy({ ...NAME, content: { 'dark-mode': { enabled: false } }, versionLabel: 'v2' });
    await clock.advance(66_000);
    expect(await session.poll()).toMatchObject({
      value: { 'dark-mode': { enabled: false } },
      versionLabel: 'v2',
    });
    session.dispose();
  });
});
