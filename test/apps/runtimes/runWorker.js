import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { serveEmulator } from 'react-appconfig/emulator/node';
import { createUpstream } from './checks.js';

const emulator = createUpstream();
const { url, close } = await serveEmulator(emulator);
const { outputFiles } = await build({
  entryPoints: ['worker.js'],
  bundle: true,
  write: false,
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'],
  define: { 'process.env.NODE_ENV': '"production"' },
});
const workers = new Miniflare({
  modules: true,
  script: outputFiles[0].text,
  compatibilityDate: '2026-04-01',
  bindings: { ENDPOINT: url },
});
const answer = await workers.dispatchFetch('http://localhost/');
console.log(await answer.text());
await workers.dispose();
await close();
process.exit(emulator.violations.length);
