import { serveEmulator } from 'react-appconfig/emulator/node';
import { agentSource } from 'react-appconfig/agent';
import { createFlags, createUpstream, readFlags, readThrough } from './checks.js';

/** The handler, in the server that a runtime has built in. */
function serve(handler) {
  const { Bun, Deno } = globalThis;
  if (Bun) return Bun.serve({ port: 0, fetch: handler }).port;
  if (Deno) return Deno.serve({ port: 0, onListen() {} }, handler).addr.port;
  return undefined;
}

const emulator = createUpstream();
const { url } = await serveEmulator(emulator);
const { createHandler } = createFlags(agentSource({ endpoint: url }));
const port = serve(createHandler({ basePath: '/flags' }));
const endpoint = `http://localhost:${port}/flags`;
const seen = {
  ...(await readFlags(url)),
  ...(port && { 'its own server': await readThrough(agentSource({ endpoint })) }),
};
console.log(JSON.stringify(seen));
process.exit(emulator.violations.length);
