// Installs the packed package into a Next app, builds it with and without cacheComponents, and reads its
// pages as a browser does. Run it with `npm run test:next`, after `npm run build`.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';

const BUILD_TIMEOUT_MS = 300_000;
const PAGE_TIMEOUT_MS = 30_000;
const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
/** What a server that renders nothing may use, and one that renders for ever does not keep to. */
const IDLE_CPU_SECONDS = 1;

/** React's word for a boundary that Next's prerender leaves to the browser: it waits for no request. */
const PRERENDER_LEFT_OFF = /React error #419/;

const app = fileURLToPath(new URL('next', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'react-appconfig-next-'));
const next = join(folder, 'node_modules/next/dist/bin/next');
/** @param {string} message */
const say = (message) => process.stdout.write(`${message}\n`);
/** @param {unknown} isTrue @param {string} message */
const assert = (isTrue, message) => {
  if (!isTrue) throw new Error(message);
};

/** @param {number} maxItems */
async function startEmulator(maxItems) {
  const emulator = createEmulator();
  emulator.deploy({
    ...NAME,
    content: { 'new-checkout': { enabled: true, maxItems } },
    versionLabel: 'v1',
  });
  const { url, close } = await serveEmulator(emulator);
  return { emulator, url, close };
}

// The page's service and the server's differ in content, so that it shows which of them was read.
const ofPage = await startEmulator(7);
const ofServer = await startEmulator(9);
const environment = {
  ...process.env,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  NEXT_PUBLIC_APPCONFIG_ENDPOINT: ofPage.url,
  APPCONFIG_ENDPOINT: ofServer.url,
};
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_ARGUMENTS,
});
try {
  mkdirSync(join(folder, 'packed'));
  const [packed] = JSON.parse(
    execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--pack-destination', join(folder, 'packed')],
      { encoding: 'utf8' },
    ),
  );
  cpSync(app, folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
  manifest.dependencies['react-appconfig'] = `file:packed/${packed.filename}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', install, { cwd: folder, stdio: 'inherit' });
  for (const cacheComponents of ['0', '1']) {
    await checkApp({ ...environment, CACHE_COMPONENTS: cacheComponents });
    say(`Next ${manifest.dependencies.next}: cacheComponents ${cacheComponents === '1'}: held`);
  }
} finally {
  await browser.close();
  await ofPage.close();
  await ofServer.close();
  rmSync(folder, { recursive: true, force: true });
}

/** @param {NodeJS.ProcessEnv} env */
async function checkApp(env) {
  execFileSync(process.execPath, [next, 'build'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: BUILD_TIMEOUT_MS,
  });
  const server = spawn(process.execPath, [next, 'start', '-p', '0', '-H', '127.0.0.1'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  server.stdout.on('data', (chunk) => (log += chunk));
  server.stderr.on('data', (chunk) => (log += chunk));
  try {
    const origin = await new Promise((resolve, reject) => {
      server.stdout.on('data', () => {
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0];
        if (address && log.includes('Ready')) resolve(address);
      });
      server.on('exit', () => reject(new Error(`next start ended:\n${log}`)));
    });
    const suspense = await readHtml(`${origin}/suspense`);
    assert(suspense.includes('<p id="flag">max items: 7</p>'), `/suspense: ${suspense}`);
    assert(!suspense.includes('$RX('), `/suspense is left to the browser: ${suspense}`);
    const hydrated = await readHtml(`${origin}/hydrated`);
    assert(hydrated.includes('max items: 9, loaded'), `/hydrated: ${hydrated}`);
    await readHtml(`${origin}/static`);

    await checkPage(`${origin}/suspense`, 'max items: 7', []);
    // What the server loaded stays until the page's own first poll, which waits for the interval.
    const requests = await checkPage(`${origin}/hydrated`, 'max items: 9, loaded', [
      'stale',
      'default',
    ]);
    assert(requests.length === 0, `/hydrated asked before the interval was over: ${requests}`);
    await checkPage(`${origin}/static`, 'max items: 7', []);

    const before = cpuSeconds(server.pid);
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000);
    });
    const used = cpuSeconds(server.pid) - before;
    assert(used < IDLE_CPU_SECONDS, `The server still works after its answers: ${used} s of 2.`);
    assert(!log.includes('⨯'), `The server's log:\n${log}`);
  } finally {
    server.removeAllListeners('exit');
    server.kill();
  }
}

/** @param {string} url */
async function readHtml(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
  return response.text();
}

/**
 * Opens a page until it shows a text, and then for a while longer.
 *
 * @param {string} url
 * @param {string} text
 * @param {readonly string[]} never what must not be seen on the way
 * @returns {Promise<string[]>} the requests that the page sent to the service
 */
async function checkPage(url, text, never) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const noise = [];
  /** @type {string[]} */
  const requests = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  page.on('request', (request) => {
    if (request.url().startsWith(ofPage.url)) requests.push(request.method());
  });
  await page.addInitScript(() => {
    const seen = new Set();
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      for (const { textContent, hidden, parentElement } of document.querySelectorAll('p')) {
        if (!hidden && !parentElement?.hidden) seen.add(textContent);
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(url, { waitUntil: 'commit' });
  await page.getByText(text, { exact: true }).waitFor({ timeout: PAGE_TIMEOUT_MS });
  await page.waitForTimeout(1_000);
  assert(await page.getByText(text, { exact: true }).isVisible(), `${url} lost "${text}".`);
  /** @type {string[]} */
  const seen = await page.evaluate(() => [...Reflect.get(globalThis, 'seen')]);
  const wrong = seen.filter((part) => never.some((word) => part.includes(word)));
  assert(wrong.length === 0, `${url} showed ${wrong.join(', ')} on the way.`);
  const lines = noise.filter((line) => !PRERENDER_LEFT_OFF.test(line));
  assert(lines.length === 0, `${url} wrote to the console: ${lines.join('\n')}`);
  await page.close();
  return requests;
}

/** @param {number | undefined} pid */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
