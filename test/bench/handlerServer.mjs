// The server handler behind @hono/node-server, in a process of its own, so that its heap and its core are its
// own, too. Its upstream is an emulator over HTTP, through the AWS SDK.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { serve } from '@hono/node-server';
import { appConfigDataSource } from '../../dist/entries/appconfigdata.js';
import { createAppConfigHandler } from '../../dist/entries/server.js';

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');
const handler = createAppConfigHandler({
  application: 'shop',
  environment: 'production',
  source: appConfigDataSource({
    region: 'us-east-1',
    endpoint: process.argv[2] ?? '',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  }),
  profiles: { flags: { expose: 'all' } },
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
