const { createAppConfigServer } = require('react-appconfig/server');
const { createEmulator } = require('react-appconfig/emulator');
const { agentSource } = require('react-appconfig/agent');

test('the AWS SDK loads with require on a server, and shares our errors', async () => {
  const { appConfigDataSource } = require('react-appconfig/appconfigdata');
  const { AppConfigError } = require('react-appconfig');
  const source = appConfigDataSource({ region: 'us-east-1' });
  const name = { application: 'shop', environment: 'test', profile: 'flags' };
  const answer = source.getLatestConfiguration({ ...name, entityId: 'jane' }, {});
  await expect(answer).rejects.toBeInstanceOf(AppConfigError);
});

test('a server reads its flags from an emulator in the same process', async () => {
  const name = { application: 'shop', environment: 'test' };
  const emulator = createEmulator();
  emulator.deploy({ ...name, profile: 'flags', content: { dark: { enabled: true } } });
  const source = agentSource({ fetch: (url, init) => emulator.fetch(new Request(url, init)) });
  const { getFlag } = createAppConfigServer({ ...name, source, flags: 'flags' });
  expect(await getFlag('dark')).toEqual({ enabled: true });
});
