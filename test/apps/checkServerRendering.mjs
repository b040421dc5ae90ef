// Builds the apps that render on a server of their own, and reads their pages with and without JavaScript.
// `npm run test:apps` runs it, after `npm run build`.
import { findFreePort } from '../support/findFreePort.mjs';
import {
  assert,
  checkPage,
  installApp,
  readHtml,
  readWithoutScript,
  ROUTE,
  say,
  startBrowser,
  startServer,
  startUpstream,
} from './apps.mjs';

const VIEWS = 20;
const SHOWN = 'max items: 9, loaded, pro';
/** @type {Record<string, readonly string[]>} */
const START = {
  'vite-ssr': ['server.js'],
  'react-router': ['node_modules/@react-router/serve/dist/cli.js', 'build/server/index.js'],
};

const browser = await startBrowser();
try {
  await Promise.all(Object.keys(START).map(checkApp));
} finally {
  await browser.close();
}

/** @param {string} name */
async function checkApp(name) {
  const upstream = await startUpstream();
  const { emulator } = upstream;
  const app = await installApp(name);
  try {
    await app.run('build');
    await app.run('test');
    const env = { APPCONFIG_ENDPOINT: upstream.url, PORT: await findFreePort() };
    const { origin, stop, log } = await startServer(app, START[name] ?? [], env);
    try {
      for (let view = 0; view < VIEWS; view += 1) {
        const html = await readHtml(origin);
        assert(html.includes(SHOWN), `${name}: ${html}`);
        assert(html.includes('new-checkout of v1'), `${name}: ${html}`);
        assert(!html.includes('$RX('), `${name} leaves a boundary to the browser: ${html}`);
        assert(!html.includes('secret-launch'), `${name} shows a secret: ${html}`);
      }
      assert(emulator.requests.length === 1, `${name}: ${emulator.requests.length} requests`);

      const answer = await fetch(`${origin}/flags${ROUTE}`, { headers: { Context: 'plan=pro' } });
      const etag = answer.headers.get('ETag') ?? '';
      assert(answer.ok && etag, `${name}: /flags answered ${answer.status}`);
      const unchanged = await fetch(`${origin}/flags${ROUTE}`, {
        headers: { Context: 'plan=pro', 'If-None-Match': etag },
      });
      assert(unchanged.status === 304, `${name}: /flags answered ${unchanged.status}`);
      const refused = await fetch(`${origin}/flags${ROUTE}`, { method: 'POST' });
      assert(refused.status === 405, `${name}: a POST was answered ${refused.status}`);

      assert((await readWithoutScript(browser, origin)) === SHOWN, `${name}, without script`);
      const watched = { text: SHOWN, never: ['stale', 'default', 'everybody', 'One moment'] };
      const requests = await checkPage(browser, origin, {
        ...watched,
        requestsTo: `${origin}/flags`,
      });
      assert(requests.length === 0, `${name} asked before the interval was over: ${requests}`);
      assert(emulator.requests.length === 1, `${name}: ${emulator.requests.length} requests`);
      assert(emulator.violations.length === 0, JSON.stringify(emulator.violations));

      await checkOutage(app);
      say(`${name}: ${VIEWS} pages with 1 upstream request, hydrated without another: held`);
      assert(!/error/i.test(log()), `${name}, the server's log:\n${log()}`);
    } finally {
      stop();
    }
  } finally {
    await upstream.close();
    app.remove();
  }
}

/**
 * A server that starts in the middle of an outage lives on, and shows what comes afterwards.
 *
 * @param {import('./apps.mjs').App} app
 */
async function checkOutage(app) {
  const upstream = await startUpstream();
  upstream.emulator.inject({ kind: 'error', status: 503, times: 3 });
  const env = { APPCONFIG_ENDPOINT: upstream.url, PORT: await findFreePort() };
  const { origin, stop } = await startServer(app, START[app.name] ?? [], env);
  try {
    const first = await fetch(`${origin}/flags${ROUTE}`);
    assert(first.status === 503, `${app.name}: /flags answered ${first.status} in an outage`);
    await fetch(origin);
    for (let tries = 0; ; tries += 1) {
      const html = await readHtml(origin);
      if (html.includes(SHOWN)) break;
      assert(tries < 150, `${app.name} did not come back after an outage: ${html}`);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    }
  } finally {
    stop();
    await upstream.close();
  }
}
