import { PassThrough } from 'node:stream';
import { dehydrate, QueryClient } from '@tanstack/react-query';
import { renderToPipeableStream } from 'react-dom/server';
import { agentSource } from 'react-appconfig/agent';
import { createAppConfigServer } from 'react-appconfig/server';
import { App } from './App.jsx';

const { createHandler, prefetchAppConfig } = createAppConfigServer({
  application: 'shop',
  environment: 'production',
  source: agentSource({ endpoint: process.env.APPCONFIG_ENDPOINT, name: 'agent' }),
  flags: 'flags',
  profiles: { flags: { allow: ['new-checkout'] } },
});

export const answerFlags = createHandler({ basePath: '/flags', acceptContext: ['plan'] });

export async function render(context) {
  const queryClient = new QueryClient();
  await prefetchAppConfig(queryClient, { context });
  const initial = { state: dehydrate(queryClient), context };
  const stream = await new Promise((resolve, reject) => {
    const { pipe } = renderToPipeableStream(<App queryClient={queryClient} {...initial} />, {
      onShellReady: () => resolve(pipe(new PassThrough())),
      onShellError: reject,
    });
  });
  return { initial, stream };
}
