import { Hono } from 'hono';
import { agentSource } from 'react-appconfig/agent';
import { createAppConfigServer } from 'react-appconfig/server';

/** A server of its own for each way, because what one has polled another one would show. */
const servers = new Map();
function serverFor(way, endpoint) {
  const known = servers.get(way);
  if (known) return known;
  const server = createAppConfigServer({
    application: 'shop',
    environment: 'production',
    source: agentSource({ endpoint, pollIntervalInSeconds: 1 }),
    // A poll that takes longer than two of them counts as dropped.
    requestTimeoutMs: 1_000,
    flags: 'flags',
    profiles: { flags: { allow: ['checkout'] } },
  });
  const made = { ...server, handler: server.createHandler({ basePath: `/${way}` }) };
  servers.set(way, made);
  return made;
}

const app = new Hono();
app.all('/with-context/*', (context) =>
  serverFor('with-context', context.env.ENDPOINT).handler(context.req.raw, context.executionCtx),
);
app.all('/without/*', (context) =>
  serverFor('without', context.env.ENDPOINT).handler(context.req.raw),
);
app.get('/flag', async (context) =>
  context.json(await serverFor('flag', context.env.ENDPOINT).getFlag('checkout')),
);
app.get('/flag-awaited', async (context) => {
  const waitUntil = (promise) => context.executionCtx.waitUntil(promise);
  const { getFlag } = serverFor('flag-awaited', context.env.ENDPOINT);
  return context.json(await getFlag('checkout', { waitUntil }));
});

export default app;
