// Installs the packed package into a Next app, builds it with and without cacheComponents, and reads its
// pages as a browser does. `npm run test:apps` runs it, after `npm run build`.
import { readFileSync } from 'node:fs';
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

/** The limit for an idle server, which one that renders in an endless loop exceeds. */
const IDLE_CPU_SECONDS = 1;
const IDLE_MS = 2_000;
/** React's error for a boundary that Next's prerender leaves to the browser: prerender waits for no request. */
const PRERENDER_LEFT_OFF = /React error #419/;
const SHOWN = 'max items: 9, loaded, pro';

// The page's service and the server's differ in content, so that it shows which of them was read.
const ofPage = await startUpstream();
const ofServer = await startUpstream();
ofPage.emulator.deploy({
  application: 'shop',
  environment: 'production',
  profile: 'flags',
  content: { 'new-checkout': { enabled: true, maxItems: 7 } },
});
const ofShort = await startUpstream();
const environment = {
  SHORT_ENDPOINT: ofShort.url,
  NEXT_TELEMETRY_DISABLED: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NEXT_PUBLIC_APPCONFIG_ENDPOINT: ofPage.url,
  APPCONFIG_ENDPOINT: ofServer.url,
};
const browser = await startBrowser();
const app = await installApp('next');
try {
  await app.run('test');
  for (const cacheComponents of ['0', '1']) {
    await checkApp({ ...environment, CACHE_COMPONENTS: cacheComponents });
    const version = app.manifest.dependencies.next;
    say(`Next ${version}: cacheComponents ${cacheComponents === '1'}: held`);
  }
} finally {
  await browser.close();
  await ofPage.close();
  await ofServer.close();
  await ofShort.close();
  app.remove();
}

/** @param {NodeJS.ProcessEnv} env */
async function checkApp(env) {
  await app.run('build', { ...env, NODE_ENV: 'production' });
  const next = ['node_modules/next/dist/bin/next', 'start', '-p', '0', '-H', '127.0.0.1'];
  const { origin, pid, log, stop } = await startServer(app, next, env, /Ready/);
  try {
    const suspense = await readHtml(`${origin}/suspense`);
    assert(suspense.includes('<p id="flag">max items: 7</p>'), `/suspense: ${suspense}`);
    assert(!suspense.includes('$RX('), `/suspense is left to the browser: ${suspense}`);
    await readHtml(`${origin}/static`);

    const built = ofServer.emulator.requests.length;
    for (let view = 0; view < 10; view += 1) {
      const hydrated = await readHtml(`${origin}/hydrated`);
      assert(hydrated.includes(SHOWN), `/hydrated: ${hydrated}`);
      assert(!hydrated.includes('secret-launch'), `/hydrated shows a secret: ${hydrated}`);
      const server = await readHtml(`${origin}/server`);
      assert(server.includes('max items: 9, pro of v1'), `/server: ${server}`);
      const cached = await readHtml(`${origin}/cached`);
      assert(cached.includes('max items: 3'), `/cached: ${cached}`);
    }
    const answer = await fetch(`${origin}/flags${ROUTE}`, { headers: { Context: 'plan=pro' } });
    const flags = await answer.json();
    assert(
      Object.keys(flags).join() === 'new-checkout' && flags['new-checkout'].maxItems === 9,
      `/flags: ${answer.status} ${JSON.stringify(flags)}`,
    );
    const asked = ofServer.emulator.requests.length - built;
    // One for paying users of the pages, and one in the route if Next keeps its modules separate.
    assert(asked <= 2, `${asked} upstream requests for 31 answers`);

    await checkPage(browser, `${origin}/suspense`, {
      text: 'max items: 7',
      allowedNoise: PRERENDER_LEFT_OFF,
    });
    const plain = await readWithoutScript(browser, `${origin}/cached`);
    assert(plain === 'max items: 3', `/cached without script: ${plain}`);
    // What the server loaded stays until the page's own first poll, which waits for the interval.
    const requests = await checkPage(browser, `${origin}/hydrated`, {
      text: SHOWN,
      never: ['stale', 'default', 'everybody'],
      requestsTo: `${origin}/flags`,
    });
    assert(requests.length === 0, `/hydrated asked before the interval was over: ${requests}`);
    await checkPage(browser, `${origin}/static`, {
      text: 'max items: 7',
      allowedNoise: PRERENDER_LEFT_OFF,
    });

    await checkDeployments(origin, log);

    const before = cpuSeconds(pid);
    await new Promise((resolve) => {
      setTimeout(resolve, IDLE_MS);
    });
    const used = cpuSeconds(pid) - before;
    assert(used < IDLE_CPU_SECONDS, `The server still works after its answers: ${used} s of 2.`);
    const faults = log().replaceAll(
      /⨯ Error \[InvalidArgumentError\]: The address "\/short[^"]*"/g,
      '',
    );
    assert(!faults.includes('⨯'), `The server's log:\n${log()}`);
  } finally {
    stop();
  }
}

/**
 * A provider without a QueryClient: each request shows what it has prefetched, over three deployments, and no
 * visitor what is another one's.
 *
 * @param {string} origin
 * @param {() => string} log
 */
async function checkDeployments(origin, log) {
  const url = `${origin}/deployments`;
  for (const version of [1, 2, 3]) {
    deployShort(version);
    const shown = `max items: ${version}, loaded, v${version}`;
    await waitUntil(async () => (await readHtml(url)).includes(shown), shown);
    // Next keeps modules of pages and routes apart, and so their sessions.
    const answered = `"maxItems":${version}`;
    await waitUntil(
      async () => (await readHtml(`${origin}/short${ROUTE}`)).includes(answered),
      answered,
    );
    const overridden = await readHtml(`${url}?overridden=111&visitor=ann`);
    assert(overridden.includes('max items: 111, override'), `overridden: ${overridden}`);
    const next = await readHtml(`${url}?visitor=ben`);
    assert(next.includes(shown), `after an overridden one, v${version}: ${next}`);
    // Hydration that fails writes to the console.
    await checkPage(browser, url, { text: shown, never: ['default', '111'] });
  }
  // What nobody has prefetched from a path of the page's own origin is left to the page, and the log says why.
  await checkPage(browser, `${url}?unprefetched=1&visitor=cid`, {
    text: 'max items: 3',
    allowedNoise: PRERENDER_LEFT_OFF,
  });
  const html = await readHtml(`${url}?unprefetched=1&visitor=dan`);
  assert(/absolute endpoint[^"]*prefetch/.test(html), `The digest does not name the cure: ${html}`);
  for (const visitor of ['cid', 'dan']) {
    assert(
      log().includes(`onError of ${visitor}: InvalidArgument`),
      `${visitor} heard nothing: ${log()}`,
    );
  }
}

/** @param {number} maxItems */
function deployShort(maxItems) {
  ofShort.emulator.deploy({
    application: 'shop',
    environment: 'production',
    profile: 'flags',
    content: { 'new-checkout': { enabled: true, maxItems }, 'secret-launch': { enabled: true } },
    versionLabel: `v${maxItems}`,
  });
}

/** @param {() => Promise<boolean>} condition @param {string} what */
async function waitUntil(condition, what) {
  const end = Date.now() + 30_000;
  while (!(await condition())) {
    assert(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
}

/** @param {number | undefined} pid */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
