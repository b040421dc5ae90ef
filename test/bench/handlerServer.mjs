// The server handler behind @hono/node-server, in a process of its own, so that its heap and its core are its
// own, too. Its upstream is an emulator over HTTP: through the AWS SDK, or through the Agent's route.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serve } from '@hono/node-server';
import { agentSource } from '../../dist/entries/agent.js';
import { createAppConfigHandler } from '../../dist/entries/server.js';

const [endpoint = '', through] = process.argv.slice(2);

/** Not even loaded if it is not asked for. */
async function overSdk() {
  const { appConfigDataSource } = await import('../../dist/entries/appconfigdata.js');
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return appConfigDataSource({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
}

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');
const handler = createAppConfigHandler({
  application: 'shop',
  environment: 'production',
  source:
    through === 'agent' ? agentSource({ endpoint, pollIntervalInSeconds: 2 }) : await overSdk(),
  profiles: { flags: { allow: 'all' } },
  requestTimeoutMs: 1_000,
});
process.on('disconnect', () => process.exit());
process.on('message', () => {
  collectGarbage();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed, served });
});
let served = 0;
/** @type {typeof handler} */
const counted = (...question) => {
  served += 1;
  return handler(...question);
};
serve({ fetch: counted, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
