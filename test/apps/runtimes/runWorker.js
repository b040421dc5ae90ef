import { serveEmulator } from 'react-appconfig/emulator/node';
import { createUpstream } from './checks.js';
import { startWorkers } from './startWorkers.js';

const emulator = createUpstream();
const { url, close } = await serveEmulator(emulator);
const workers = await startWorkers('worker.js', url);
const answer = await workers.dispatchFetch('http://localhost/');
console.log(await answer.text());
await workers.dispose();
await close();
process.exit(emulator.violations.length);
