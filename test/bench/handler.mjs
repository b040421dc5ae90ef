// How fast the server handler is, side by side with a floor, and what an outage and a million requests do to it:
//   npm run bench:handler
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { load, ROUTE, startServer } from './load.mjs';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const ROUNDS = 9;
const SECONDS = 4;
const WARM_UP_SECONDS = 8;
const CONNECTIONS = 32;
const FLAGS = Object.fromEntries(
  Array.from({ length: 50 }, (_, index) => [
    `flag-${index}`,
    { enabled: true, maxItems: index, title: `The title of flag ${index}` },
  ]),
);
const REQUESTS = 1_000_000;

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const inMegabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);

const emulator = createEmulator({ pollIntervalInSeconds: 2 });
emulator.deploy({ ...NAME, content: FLAGS, versionLabel: 'v1' });
let upstream = await serveEmulator(emulator);
const { port } = new URL(upstream.url);
const handler = await startServer('./handlerServer.mjs', [upstream.url]);
const first = await fetch(handler.url + ROUTE, { headers: { 'Accept-Encoding': 'identity' } });
const etag = first.headers.get('ETag') ?? '';
const bytes = (await first.arrayBuffer()).byteLength;
const bare = await startServer('./bareHandlerServer.mjs', [handler.url + ROUTE, etag]);

say(`${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, a body of ${bytes} bytes.`);
say(
  '| answer | handler | bare node:http | ratio, median | by its own time on the core | p99 of the handler | of the bare |',
);
say('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const [answer, headers] of /** @type {[string, Record<string, string>][]} */ ([
  ['200', {}],
  ['304', { 'If-None-Match': etag }],
])) {
  const options = { connections: CONNECTIONS, seconds: SECONDS, headers };
  for (const { url } of [handler, bare]) {
    await load(url + ROUTE, { ...options, seconds: WARM_UP_SECONDS });
  }
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.push([await loadTimed(handler, options), await loadTimed(bare, options)]);
  }
  const of = (/** @type {number} */ which, /** @type {'perSecond' | 'p99Ms'} */ figure) =>
    median(rounds.map((both) => both[which]?.[figure] ?? NaN));
  const core = median(rounds.map(([ours, floor]) => (floor?.coreMs ?? 0) / (ours?.coreMs ?? 0)));
  const ratio = median(
    rounds.map(([ours, floor]) => (ours?.perSecond ?? 0) / (floor?.perSecond ?? 0)),
  );
  say(
    `| ${answer} | ${Math.round(of(0, 'perSecond'))}/s | ${Math.round(of(1, 'perSecond'))}/s | ${ratio.toFixed(2)} | ${core.toFixed(2)} | ${of(0, 'p99Ms').toFixed(1)} ms | ${of(1, 'p99Ms').toFixed(1)} ms |`,
  );
}

/**
 * The same with how long the server kept its core busy for an answer: what else the machine does has no part in it.
 *
 * @param {import('./load.mjs').Server} server @param {Parameters<typeof load>[1]} options
 */
async function loadTimed({ url, cpuMs }, options) {
  const before = cpuMs();
  const seen = await load(url + ROUTE, options);
  return { ...seen, coreMs: (cpuMs() - before) / seen.requests };
}

// Few at a time, so that what is measured is the handler and not the queue before it.
const calm = { connections: 4, seconds: 20 };
say(
  '\n| 4 connections, 20 s | answers | refused | p99 | slowest |\n| --- | ---: | ---: | ---: | ---: |',
);
const tell = (/** @type {string} */ when, /** @type {Awaited<ReturnType<typeof load>>} */ seen) =>
  say(
    `| ${when} | ${seen.requests} | ${seen.refused} ${seen.broken} | ${seen.p99Ms.toFixed(1)} ms | ${seen.slowestMs.toFixed(1)} ms |`,
  );
tell('a bare node:http server', await load(bare.url + ROUTE, calm));
tell('the handler', await load(handler.url + ROUTE, calm));
await upstream.close();
tell('upstream dead, connections refused', await load(handler.url + ROUTE, calm));
emulator.inject({ kind: 'slow', delayMs: 60_000, times: 1_000 });
upstream = await serveEmulator(emulator, { port: Number(port) });
tell('upstream that never answers', await load(handler.url + ROUTE, calm));
emulator.clearFaults();
emulator.deploy({
  ...NAME,
  content: { ...FLAGS, 'flag-0': { enabled: false } },
  versionLabel: 'v2',
});
const backAt = performance.now();
for (;;) {
  const answer = await fetch(handler.url + ROUTE);
  if (answer.headers.get('Configuration-Version') === 'v2') break;
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}
say(
  `upstream back, an interval of 2 s: the new version after ${((performance.now() - backAt) / 1_000).toFixed(1)} s`,
);

const heapBytes = async () => (await handler.ask()).heapBytes;
const heap = [await heapBytes()];
for (let served = 0; served < REQUESTS;) {
  const seen = await load(handler.url + ROUTE, { connections: 64, seconds: 10 });
  served += seen.requests;
  heap.push(await heapBytes());
}
say(`\nheap over ${REQUESTS} requests: ${heap.map(inMegabytes).join(', ')} MB`);
say(`violations that the emulator saw: ${emulator.violations.length}`);
handler.stop();
bare.stop();
await upstream.close();
process.exit();
