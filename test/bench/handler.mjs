// How fast the server handler is, side by side with a floor, and what an outage and a million requests do to it:
//   npm run bench:handler
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { load, loadTogether, ROUTE, startServer } from './load.mjs';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const ROUNDS = 5;
const SECONDS = 4;
const WARM_UP_SECONDS = 20;
const CONNECTIONS = 16;
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
const overAgent = await startServer('./handlerServer.mjs', [upstream.url, 'agent']);
const first = await fetch(handler.url + ROUTE, { headers: { 'Accept-Encoding': 'identity' } });
const etag = first.headers.get('ETag') ?? '';
const bytes = (await first.arrayBuffer()).byteLength;
const bare = await startServer('./bareHandlerServer.mjs', [handler.url + ROUTE, etag]);
const otherBare = await startServer('./bareHandlerServer.mjs', [handler.url + ROUTE, etag]);

say(
  `A body of ${bytes} bytes. Handler and floor are loaded at the same time on the same core, so that`,
);
say('whatever else the machine does meets both: answers for the same time on that core.\n');
// A server that has answered less is optimized less.
for (const { url } of [handler, overAgent, bare, otherBare]) {
  for (const headers of /** @type {Record<string, string>[]} */ ([{}, { 'If-None-Match': etag }])) {
    await load(url + ROUTE, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS, headers });
  }
}
say(`| answer | upstream | handler, as a ratio to the floor, ${ROUNDS} rounds | median |`);
say('| --- | --- | ---: | ---: |');
for (const [answer, headers] of /** @type {[string, Record<string, string>][]} */ ([
  ['200', {}],
  ['304', { 'If-None-Match': etag }],
])) {
  for (const [through, server] of /** @type {const} */ ([
    ["the Agent's route", overAgent],
    ['the AWS SDK', handler],
    ['none: the floor itself', otherBare],
  ])) {
    const options = { connections: CONNECTIONS, seconds: SECONDS, headers };
    /** @type {number[]} */
    const ratios = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ours, floor] = await loadTogether(
        [server, bare].map((loaded) => ({ server: loaded, url: loaded.url + ROUTE })),
        options,
      );
      ratios.push((ours?.answersAMs ?? NaN) / (floor?.answersAMs ?? NaN));
    }
    const all = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
    say(`| ${answer} | ${through} | ${all} | ${median(ratios).toFixed(2)} |`);
  }
}

// Few at a time, so that what is measured is the handler and not the queue before it.
const calm = { connections: 4, seconds: 12 };
say(
  '\n| 4 connections, 12 s | answers | refused | p99 | slowest |\n| --- | ---: | ---: | ---: | ---: |',
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
for (const { stop } of [handler, overAgent, bare, otherBare]) stop();
await upstream.close();
process.exit();
