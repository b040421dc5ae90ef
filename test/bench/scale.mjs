// Many browsers, few calls to AWS: processes of the handler behind nginx, wrk as the browsers, the emulator as
// AWS. Needs nginx and wrk:
//   npm run bench:scale [-- --seconds 60]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { load, ROUTE, startServer } from './load.mjs';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const INTERVAL_IN_SECONDS = 2;
const PROCESSES = [1, 2, 4];
const CLIENTS = [100, 1_000, 10_000];
const BALANCER_PORT = 8_600;
const CACHE_PORT = 8_601;
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const SECONDS = Number(values.seconds);

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const emulator = createEmulator({ pollIntervalInSeconds: INTERVAL_IN_SECONDS });
const deploy = (/** @type {string} */ versionLabel) =>
  emulator.deploy({
    ...NAME,
    versionLabel,
    content: Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`flag-${index}`, { enabled: true, index }]),
    ),
  });
const countCalls = () => Number(emulator.requests.at(-1)?.id ?? 0);
deploy('v1');
const upstream = await serveEmulator(emulator);

/** @param {readonly string[]} urls */
async function startNginx(urls) {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  mkdirSync(join(folder, 'logs'));
  const servers = urls.map((url) => `server ${new URL(url).host} max_fails=0;`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user root; worker_processes 1; worker_rlimit_nofile 65536; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 30000; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  proxy_cache_path ${folder}/cache keys_zone=flags:10m;
  upstream handlers { ${servers} keepalive 512; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${BALANCER_PORT} backlog=16384;
    location / { proxy_pass http://handlers; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
  server {
    listen 127.0.0.1:${CACHE_PORT} backlog=16384;
    location / {
      proxy_pass http://handlers; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache flags; proxy_cache_revalidate on; proxy_cache_lock on; proxy_cache_background_update on;
      proxy_cache_use_stale updating error timeout http_500 http_502 http_503 http_504;
      add_header X-Cache $upstream_cache_status;
    }
  }
}
`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  process.once('exit', () => nginx.kill());
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${CACHE_PORT}${ROUTE}`).catch(() => undefined);
    if (answer?.ok) break;
    await sleep(50);
  }
  return async () => {
    const ended = new Promise((resolve) => nginx.once('exit', resolve));
    nginx.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

say(
  `${SECONDS} s each, the service's interval ${INTERVAL_IN_SECONDS} s: ${SECONDS / INTERVAL_IN_SECONDS} polls per process, and up to 10 % fewer because of jitter.\n`,
);
say(
  '| through nginx | processes | clients | answers per second | not answered | reached the handlers | calls to the service | per process |',
);
say('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const processes of PROCESSES) {
  const handlers = await Promise.all(
    Array.from({ length: processes }, () => startServer('./handlerServer.mjs', [upstream.url])),
  );
  const stopNginx = await startNginx(handlers.map(({ url }) => url));
  const countServed = async () => {
    const answers = await Promise.all(handlers.map(({ ask }) => ask()));
    return answers.reduce((sum, { served }) => sum + served, 0);
  };
  for (const [how, port] of /** @type {const} */ ([
    ['as a balancer', BALANCER_PORT],
    ['as a cache', CACHE_PORT],
  ])) {
    for (const connections of CLIENTS) {
      // Requests in flight from the previous round are answered first.
      await sleep(5_000);
      const [calls, served] = [countCalls(), await countServed()];
      const seen = await load(`http://127.0.0.1:${port}${ROUTE}`, {
        connections,
        seconds: SECONDS,
      });
      const asked = countCalls() - calls;
      const reached = (await countServed()) - served;
      say(
        `| ${how} | ${processes} | ${connections} | ${Math.round(seen.perSecond)} | ${seen.refused} ${seen.broken} | ${reached} | ${asked} | ${(asked / processes).toFixed(1)} |`,
      );
    }
  }
  if (processes === 1) await tellStaleness();
  await stopNginx();
  for (const { stop } of handlers) stop();
}
say(`\nviolations that the emulator saw: ${emulator.violations.length}`);
await upstream.close();
process.exit();

/** How long it takes until a new version is in the cache, while somebody asks all the time. */
async function tellStaleness() {
  const delays = [];
  for (let version = 2; version < 7; version += 1) {
    const deployedAt = performance.now();
    deploy(`v${version}`);
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${CACHE_PORT}${ROUTE}`);
      if (answer.headers.get('Configuration-Version') === `v${version}`) break;
      await sleep(20);
    }
    delays.push(((performance.now() - deployedAt) / 1_000).toFixed(1));
  }
  say(`| | | | five versions were in the cache after ${delays.join(', ')} s | | | | |`);
}
