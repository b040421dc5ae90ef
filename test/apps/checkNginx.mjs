// Puts a real nginx between a real browser and the handler: one that caches, one that writes a max-age of its own, one
// that redirects elsewhere, and pages of another origin whose monitoring adds headers. Then breaks what is behind the
// cache fifty times. Needs nginx (apt-get install nginx-light): `npm run test:environments -- nginx`.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { agentSource } from '../../dist/entries/agent.js';
import { createEmulator } from '../../dist/entries/emulator.js';
import { createAppConfigHandler } from '../../dist/entries/server.js';
import { findFreePort } from '../support/findFreePort.mjs';
import { serveFolder } from '../support/serveFolder.mjs';
import { assert, installApp, NAME, ROUTE, say, startBrowser } from './apps.mjs';

const FAULTS = 50;
/** Longer than a page backs off after some failures. */
const PATIENCE_MS = 60_000;

if (spawnSync('nginx', ['-v']).status !== 0) {
  say('nginx is not installed: apt-get install nginx-light.');
} else {
  await check();
}

async function check() {
  const emulator = createEmulator();
  let version = 0;
  const deploy = () => {
    version += 1;
    emulator.deploy({ ...NAME, content: { 'new-checkout': { enabled: true, version } } });
  };
  deploy();
  const app = await installApp('nginx');
  await app.run('build');
  const { origin, close } = await serveFolder(join(app.folder, 'dist'));
  const answer = createAppConfigHandler({
    ...NAME,
    source: agentSource({
      pollIntervalInSeconds: 1,
      fetch: async (url, init) => emulator.fetch(new Request(url, init)),
    }),
    basePath: '/flags',
    allowOrigins: [origin],
    profiles: { flags: { allow: 'all' } },
  });
  /** @type {string[]} */
  const elsewhere = [];
  const other = createServer((request, response) => {
    elsewhere.push(String(request.headers['entity-id']));
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end('{}');
  });
  let fault = '';
  const handle = getRequestListener(answer);
  const handler = createServer((request, response) => {
    if (fault === 'reset') request.socket.destroy();
    else if (fault === 'page') {
      response.writeHead(200, { 'Content-Type': 'text/html', ETag: '"page"' }).end('<html>');
    } else if (fault === 'status 500') response.writeHead(500).end('no');
    else if (fault !== 'no answer') void handle(request, response);
  });
  const [handlerPort, otherPort] = await Promise.all([handler, other].map(listen));
  const nginx = await startNginx(
    `http://127.0.0.1:${handlerPort}`,
    `http://127.0.0.1:${otherPort}`,
  );
  const browser = await startBrowser();
  try {
    const open = async (/** @type {string} */ endpoint, more = '') => {
      const page = await browser.newPage();
      await page.goto(`${origin}/?endpoint=${encodeURIComponent(endpoint)}${more}`);
      return {
        shows: (/** @type {string} */ text) =>
          page.getByText(text).waitFor({ timeout: PATIENCE_MS }),
        title: () => page.title(),
      };
    };
    const cached = await open(nginx.cache, '&monitored');
    const rewritten = await open(nginx.rewriting);
    for (let round = 0; round < 3; round += 1) {
      await cached.shows(`"version":${version}`);
      await rewritten.shows(`"version":${version}`);
      deploy();
    }
    say(
      'nginx that writes max-age=14400: the page follows the developer; headers of monitoring pass',
    );

    const redirected = await open(nginx.redirecting, '&entityId=jane');
    await redirected.shows('"enabled":false');
    await sleep(1_000);
    assert((await redirected.title()) !== 'Flags behind nginx', 'a redirect elsewhere is believed');
    const fromServer = agentSource({ endpoint: nginx.redirecting });
    elsewhere.length = 0;
    await fromServer
      .getLatestConfiguration({ ...NAME, entityId: 'jane' }, new AbortController().signal)
      .then(
        () => assert(false, 'a redirect elsewhere is followed'),
        () => undefined,
      );
    assert(elsewhere.length === 0, 'another origin was told who asks');
    say('a redirect to another origin: refused in the page, not followed by a server');

    const kinds = ['reset', 'page', 'status 500', 'no answer'];
    for (let index = 0; index < FAULTS; index += 1) {
      fault = kinds[index % kinds.length] ?? '';
      if (index % 5 === 0) deploy();
      await sleep(150);
      const seen = await fetch(`${nginx.cache}${ROUTE}`, { signal: AbortSignal.timeout(8_000) });
      const text = await seen.text();
      const isBroken = fault === 'page' || seen.status >= 500;
      const isGood = isBroken || JSON.parse(text)['new-checkout'].version <= version;
      assert(isGood, `${fault}: ${seen.status} ${text}`);
      fault = '';
      await sleep(50);
    }
    await cached.shows(`"version":${version}`);
    say(`${FAULTS} faults behind nginx's cache: what was good stays, and the newest arrives`);
  } finally {
    close();
    await browser.close();
    await nginx.stop();
    handler.closeAllConnections();
    handler.close();
    other.close();
    app.remove();
  }
}

/** @param {import('node:http').Server} server @returns {Promise<number>} */
async function listen(server) {
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** @param {string} handler @param {string} other */
async function startNginx(handler, other) {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  mkdirSync(join(folder, 'logs'));
  const [cache, rewriting, redirecting] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ];
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; user root; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  proxy_cache_path ${folder}/cache keys_zone=flags:1m;
  server {
    listen 127.0.0.1:${cache};
    location / {
      proxy_pass ${handler}; proxy_read_timeout 1s; proxy_cache flags; proxy_cache_revalidate on;
      proxy_cache_background_update on; proxy_cache_use_stale updating error timeout http_500 http_502 http_503 http_504;
    }
  }
  server {
    listen 127.0.0.1:${rewriting};
    location / { proxy_pass ${handler}; proxy_hide_header Cache-Control; expires 4h; }
  }
  server {
    listen 127.0.0.1:${redirecting};
    location / {
      if ($request_method = OPTIONS) {
        add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Headers *; return 204;
      }
      add_header Access-Control-Allow-Origin * always; return 307 ${other}$request_uri;
    }
  }
}
`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => nginx.once('exit', resolve));
  await sleep(500);
  return {
    cache: `http://127.0.0.1:${cache}/flags`,
    rewriting: `http://127.0.0.1:${rewriting}/flags`,
    redirecting: `http://127.0.0.1:${redirecting}/flags`,
    async stop() {
      nginx.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
