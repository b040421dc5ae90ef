import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { QueryClient } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { AppConfigClient, AppConfigProvider, appConfigQuery, useFlagValue } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import { createEmulator, emulatorRequestHandler } from 'react-appconfig/emulator';
import { multiVariantFlags } from 'react-appconfig/emulator/variants';
import { createAppConfigServer } from 'react-appconfig/server';
import { crossTabSource, loggedSource } from 'react-appconfig/sources';

const NAME = { application: 'shop', environment: 'production' };
const PATH = '/flags/applications/shop/environments/production/configurations/flags';
const SILENT = { info() {}, warn() {} };
const CREDENTIALS = { accessKeyId: 'any', secretAccessKey: 'any' };

/** AWS AppConfig, with a flag that is shown and one that is not. */
export function createUpstream() {
  const emulator = createEmulator({ multiVariantFlags });
  const content = { checkout: { enabled: true, max: 9 }, secret: { enabled: true } };
  emulator.deploy({ ...NAME, profile: 'flags', content });
  return emulator;
}

/** Reads the flags of an AppConfig Agent in every way that a server has, and says what it read. */
export async function readFlags(endpoint) {
  const inProcess = new AppConfigDataClient({
    region: 'us-east-1',
    credentials: CREDENTIALS,
    requestHandler: emulatorRequestHandler(createUpstream()),
  });
  const overHttp = new AppConfigDataClient({
    endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
  });
  return {
    agent: await readThrough(agentSource({ endpoint })),
    'AWS SDK over HTTP': await readThrough(appConfigDataSource(overHttp)),
    'AWS SDK in the process': await readThrough(appConfigDataSource(inProcess)),
    'wrapped sources': await readThrough(
      loggedSource(crossTabSource(agentSource({ endpoint })), SILENT),
    ),
  };
}

/** A server that shows one flag. */
export function createFlags(source) {
  return createAppConfigServer({
    ...NAME,
    source,
    flags: 'flags',
    profiles: { flags: { allow: ['checkout'] } },
  });
}

/** Reads, serves and renders the flag. */
export async function readThrough(source) {
  const server = createFlags(source);
  const flag = await server.getFlag('checkout');
  const answer = server.createHandler({ basePath: '/flags' });
  const ask = (headers) => answer(new Request(`http://localhost${PATH}`, { headers }));
  const whole = await ask({});
  const unchanged = await ask({ 'If-None-Match': whole.headers.get('ETag') });
  return [flag.max, await whole.text(), unchanged.status, await render(source)].join(' ');
}

async function render(source) {
  const queryClient = new QueryClient();
  const client = new AppConfigClient({ ...NAME, source, flags: 'flags', queryClient });
  await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
  const Limit = () => createElement('p', null, useFlagValue('checkout', 'max', 0));
  const html = renderToString(createElement(AppConfigProvider, { client }, createElement(Limit)));
  client.dispose();
  return html;
}
