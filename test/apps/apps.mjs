// What the checks of the example apps share: each app is copied out of the project, gets the packed package
// and what its package.json names, and is used as its users would.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { multiVariantFlags } from '../../dist/entries/emulatorVariants.js';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';

const PAGE_TIMEOUT_MS = 30_000;
/** How long a page is watched after it has shown what it should. */
const WATCH_MS = 1_000;

export const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
export const ROUTE = '/applications/shop/environments/production/configurations/flags';

/** @param {string} message */
export const say = (message) => process.stdout.write(`${message}\n`);

/** @param {unknown} isTrue @param {string} message */
export function assert(isTrue, message) {
  if (!isTrue) throw new Error(message);
}

/**
 * The package as it would be published, as an archive.
 * @param {string} folder
 */
export function packPackage(folder) {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' }));
  return join(folder, filename);
}

/** @typedef {Awaited<ReturnType<typeof installApp>>} App */

/**
 * Copies an app to a folder of its own, and installs it with the package as it would be published.
 *
 * @param {string} name
 * @param {Record<string, string>} [versions] in the place of those that its package.json names
 */
export async function installApp(name, versions = {}) {
  const folder = mkdtempSync(join(tmpdir(), `react-appconfig-${name}-`));
  const source = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(join(folder, 'packed'));
  const packed = packPackage(join(folder, 'packed'));
  cpSync(source, folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
  Object.assign(manifest.dependencies, versions);
  manifest.dependencies['react-appconfig'] = `file:packed/${basename(packed)}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  await promisify(execFile)('npm', install, { cwd: folder });
  return {
    name,
    folder,
    manifest,
    /** @param {string} script @param {NodeJS.ProcessEnv} [env] */
    run: (script, env) =>
      promisify(execFile)('npm', ['run', script], { cwd: folder, env: { ...process.env, ...env } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** An emulator on a port, with a flag that has a variant for those who pay. */
export async function startUpstream() {
  const emulator = createEmulator({ multiVariantFlags });
  const deploy = (/** @type {number} */ maxItems, /** @type {string} */ versionLabel) =>
    emulator.deploy({
      ...NAME,
      versionLabel,
      content: {
        version: '1',
        flags: {
          'new-checkout': {
            name: 'New checkout',
            attributes: { maxItems: { constraints: { type: 'number' } } },
          },
          'secret-launch': { name: 'Secret launch' },
        },
        values: {
          'new-checkout': {
            _variants: [
              {
                name: 'pro',
                enabled: true,
                attributeValues: { maxItems },
                rule: '(eq $plan "pro")',
              },
              { name: 'everybody', enabled: true, attributeValues: { maxItems: 3 } },
            ],
          },
          'secret-launch': { enabled: true },
        },
      },
    });
  deploy(9, 'v1');
  const { url, close } = await serveEmulator(emulator);
  return { emulator, url, close, deploy };
}

/**
 * Starts a server of an app, and finds out where it listens.
 *
 * @param {Pick<App, 'name' | 'folder'>} app
 * @param {readonly string[]} parameters of node
 * @param {NodeJS.ProcessEnv} env
 * @param {RegExp} isReady
 */
export async function startServer({ name, folder }, parameters, env, isReady = /:\d+/) {
  const server = spawn(process.execPath, ['--no-warnings', ...parameters], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const origin = await new Promise((resolve, reject) => {
    const hear = (/** @type {Buffer} */ chunk) => {
      log += chunk;
      const address = /http:\/\/(?:127\.0\.0\.1|localhost|\[::1?\]):(\d+)/.exec(log);
      if (address && isReady.test(log)) resolve(`http://localhost:${address[1]}`);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.on('exit', () => reject(new Error(`The server of ${name} ended:\n${log}`)));
  });
  return {
    origin,
    pid: server.pid,
    log: () => log,
    stop() {
      server.removeAllListeners('exit');
      server.kill();
    },
  };
}

/** @param {string} url */
export async function readHtml(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(PAGE_TIMEOUT_MS) });
  return response.text();
}

/** A whole Chromium, or the one from npm. */
export async function startBrowser() {
  return chromium.launch({ executablePath: await findChromium(), args: CHROMIUM_ARGUMENTS });
}

/**
 * Opens a page until it shows a text, and then watches it for a while.
 *
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {object} expected
 * @param {string} expected.text
 * @param {readonly string[]} [expected.never] what must not be seen on the way
 * @param {RegExp} [expected.allowedNoise] on the console
 * @param {string} [expected.requestsTo] begins the URLs of the requests that are counted
 * @returns {Promise<string[]>} those requests
 */
export async function checkPage(browser, url, { text, never = [], allowedNoise, requestsTo }) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const noise = [];
  /** @type {string[]} */
  const requests = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  page.on('request', (request) => {
    if (requestsTo && request.url().startsWith(requestsTo)) requests.push(request.url());
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
  await page.waitForTimeout(WATCH_MS);
  assert(await page.getByText(text, { exact: true }).isVisible(), `${url} lost "${text}".`);
  /** @type {string[]} */
  const seen = await page.evaluate(() => [...Reflect.get(globalThis, 'seen')]);
  const wrong = seen.filter((part) => never.some((word) => part.includes(word)));
  assert(wrong.length === 0, `${url} showed ${wrong.join(', ')} on the way.`);
  const lines = noise.filter((line) => !allowedNoise?.test(line));
  assert(lines.length === 0, `${url} wrote to the console: ${lines.join('\n')}`);
  await page.close();
  return requests;
}

/**
 * What a page shows without JavaScript.
 *
 * @param {import('playwright').Browser} browser
 * @param {string} url
 */
export async function readWithoutScript(browser, url) {
  const page = await browser.newPage({ javaScriptEnabled: false });
  await page.goto(url);
  const text = await page.locator('#flag').textContent();
  await page.close();
  return text;
}
