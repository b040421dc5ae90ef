import { serveEmulator } from 'react-appconfig/emulator/node';
import { createUpstream, readFlags } from './checks.js';

const emulator = createUpstream();
const { url, close } = await serveEmulator(emulator);
console.log(JSON.stringify(await readFlags(url)));
await close();
process.exit(emulator.violations.length);
