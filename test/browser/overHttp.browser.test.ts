import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { expect, inject, it, vi } from 'vitest';
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

it('leaves no word on the console when it ends while the body of an answer is on its way', async () => {
  const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  let noteBegun: (() => void) | undefined;
  const begun = new Promise<void>((resolve) => {
    noteBegun = resolve;
  });
  const client = new AppConfigDataClient({
    endpoint: inject('stallingUrl'),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next) => async (input) => {
      const output = await next(input);
      if (output.response) noteBegun?.();
      return output;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const session = new ConfigurationSession({
    ...NAME,
    source: appConfigDataSource(client),
    decode: ({ bytes }) => bytes,
  });
  const polled = session.poll();
  await begun;
  session.dispose();
  await expect(polled).rejects.toMatchObject({ code: 'SessionDisposed' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(said.flatMap(({ mock }) => mock.calls)).toEqual([]);
});
