import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { expect, inject, it } from 'vitest';
import { ConfigurationSession } from '../../src/session/index.ts';
import { appConfigDataSource } from '../../src/sources/appconfigdata/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };

it('polls an endpoint of another origin from a page, through the real SDK client', async () => {
  const client = new AppConfigDataClient({
    endpoint: inject('emulatorUrl'),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const source = appConfigDataSource(client);
  const decode = ({ bytes }: { bytes: Uint8Array }): unknown =>
    JSON.parse(new TextDecoder().decode(bytes));
  const session = new ConfigurationSession({ ...NAME, source, decode });
  expect(await session.poll()).toEqual({
    value: { 'dark-mode': { enabled: true } },
    versionLabel: 'v1',
    contentType: 'application/json',
  });
  expect(session.msUntilNextPoll).toBeGreaterThan(59_000);

  const stranger = new ConfigurationSession({ ...NAME, profile: 'nobody-made-it', source, decode });
  await expect(stranger.poll()).rejects.toMatchObject({ code: 'ResourceNotFound' });
});
