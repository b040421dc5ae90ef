// Firefox and WebKit as a machine has them installed, to run the tests of the browser in:
//   apt-get install firefox-esr webkit2gtk-driver xvfb
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { defineBrowserProvider } from '@vitest/browser';
import { findInstalled } from './browser.mjs';
import { findFreePort } from './findFreePort.mjs';

/** @typedef {{ open: (url: string) => Promise<void>, close: () => void }} OtherBrowser */

const LIBRARIES = '/usr/lib';
const START_TIMEOUT_MS = 20_000;

/** @type {Record<string, () => (() => OtherBrowser) | undefined>} */
const OTHER_BROWSERS = {
  firefox() {
    const path = findInstalled(['firefox', 'firefox-esr']);
    return path ? () => firefox(path) : undefined;
  },
  webkit() {
    const driver = findInstalled(['WebKitWebDriver']);
    const browser = findMiniBrowser();
    return driver && browser ? () => webkit(driver, browser) : undefined;
  },
};

/** The names of those that are installed. */
export function findOtherBrowsers() {
  return Object.keys(OTHER_BROWSERS).filter((name) => OTHER_BROWSERS[name]?.());
}

/**
 * Vitest's way to a browser that it does not know: its page is opened there, and tests what it is told to.
 *
 * @param {string} name
 */
export function otherBrowserProvider(name) {
  const start = OTHER_BROWSERS[name]?.();
  if (!start) throw new Error(`There is no ${name} on this machine.`);
  return defineBrowserProvider({
    name: 'playwright',
    providerFactory() {
      const browser = start();
      return {
        name,
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        openPage: (_sessionId, url) => browser.open(url),
        close: () => browser.close(),
      };
    },
  });
}

/** @param {string} path @returns {OtherBrowser} */
function firefox(path) {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  return {
    async open(url) {
      child = spawn(path, ['--headless', '--no-remote', '--profile', profile, url], {
        stdio: 'ignore',
      });
    },
    close() {
      child?.kill();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** @param {string} driverPath @param {string} path @returns {OtherBrowser} */
function webkit(driverPath, path) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let driver;
  return {
    async open(url) {
      const port = await findFreePort();
      // It cannot run without a display.
      const display = process.env['DISPLAY'] ? [] : ['xvfb-run', '-a'];
      const [command = driverPath, ...parameters] = [...display, driverPath, `--port=${port}`];
      driver = spawn(command, parameters, { stdio: 'ignore', detached: true });
      const ask = async (/** @type {string} */ route, /** @type {object} */ body) => {
        const response = await fetch(`http://127.0.0.1:${port}/${route}`, {
          method: 'POST',
          body: JSON.stringify(body),
        });
        const { value } = await response.json();
        if (response.ok) return value;
        throw new Error(`WebKitWebDriver: ${value.message}`);
      };
      await untilItListens(port);
      const options = { binary: path, args: ['--automation'] };
      const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
      const { sessionId } = await ask('session', { capabilities });
      await ask(`session/${sessionId}/url`, { url });
    },
    close() {
      // The display and the browser, too.
      if (driver?.pid && driver.exitCode === null) process.kill(-driver.pid);
    },
  };
}

/** @param {string} port */
async function untilItListens(port) {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/status`);
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await setTimeout(100);
    }
  }
}

/** WebKit's own browser, which is in no path. */
function findMiniBrowser() {
  const { stdout } = spawnSync('find', [LIBRARIES, '-name', 'MiniBrowser', '-type', 'f'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').find((path) => existsSync(path));
}
