// workerd drops a poll that is under way when its request has been answered: none may be the last one.
import { setTimeout as sleep } from 'node:timers/promises';
import { serveEmulator } from 'react-appconfig/emulator/node';
import { createUpstream } from './checks.js';
import { startWorkers } from './startWorkers.js';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const ROUTE = '/applications/shop/environments/production/configurations/flags';
const WAYS = [`/with-context${ROUTE}`, `/without${ROUTE}`, '/flag', '/flag-awaited'];
const PATIENCE_MS = 20_000;

const emulator = createUpstream();
const { url, close } = await serveEmulator(emulator);
const workers = await startWorkers('dropping.js', url);
async function read(way) {
  const answer = await workers.dispatchFetch(`http://localhost${way}`);
  const body = await answer.json();
  return (body.checkout ?? body).max;
}
const slow = () => emulator.inject({ kind: 'slow', delayMs: 400, times: Infinity });
for (const way of WAYS) await read(way);
slow();
for (const max of [10, 11, 12]) {
  emulator.deploy({ ...NAME, content: { checkout: { enabled: true, max } } });
  for (const way of WAYS) {
    const end = Date.now() + PATIENCE_MS;
    while ((await read(way)) !== max) {
      if (Date.now() > end) throw new Error(`${way} never shows ${max}`);
      await sleep(250);
    }
  }
}
console.log('held');
await workers.dispose();
await close();
process.exit(0);
