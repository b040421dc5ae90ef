// Compiles, builds and runs the example without React, on the packed package, in a browser against an Agent.
// `npm run test:apps` runs it, after `npm run build`.
import { join } from 'node:path';
import { serveFolder } from '../support/serveFolder.mjs';
import { assert, installApp, say, startBrowser, startUpstream } from './apps.mjs';

const LONGER_THAN_A_POLL_MS = 2_500;

const upstream = await startUpstream();
const app = await installApp('without-react');
const browser = await startBrowser();
try {
  await app.run('check');
  const { origin, close } = await serveFolder(join(app.folder, 'dist'));
  const page = await browser.newPage();
  /** @type {string[]} */
  const noise = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  await page.route('**/flags/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    const response = await route.fetch({
      url: upstream.url + pathname.replace('/flags', '') + search,
    });
    await route.fulfill({ response });
  });
  await page.goto(origin);
  await page.getByText('Up to 3 items').waitFor();
  assert((await page.title()) === 'The new checkout', await page.title());

  await page.evaluate("location.hash = 'pro'");
  await page.getByText('Up to 9 items').waitFor();
  upstream.deploy(5, 'v2');
  await page.getByText('Up to 5 items').waitFor();

  await page.evaluate("dispatchEvent(new Event('offline'))");
  const before = upstream.emulator.requests.length;
  await page.waitForTimeout(LONGER_THAN_A_POLL_MS);
  const after = upstream.emulator.requests.length;
  assert(after === before, `${after - before} requests though nobody subscribes`);
  assert(noise.length === 0, `The page wrote to the console: ${noise.join('\n')}`);
  close();
  say('without React: read, subscribed, another audience, another version, stopped: held');
} finally {
  await browser.close();
  await upstream.close();
  app.remove();
}
