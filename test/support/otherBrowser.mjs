// Firefox and WebKit as a machine has them installed, to run the tests of the browser in:
//   apt-get install firefox-esr webkit2gtk-driver xvfb
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { defineBrowserProvider } from '@vitest/browser';
import { findInstalled } from './browser.mjs';

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
  const port = 20_000 + (process.pid % 10_000);
  // It cannot run without a display.
  const [command = driverPath, ...parameters] = process.env['DISPLAY']
    ? [driverPath]
    : ['xvfb-run', '-a', driverPath];
  const driver = spawn(command, [...parameters, `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
  });
  /** @param {string} route @param {object} [body] */
  const ask = async (route, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/${route}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit: ${value.message}`);
    return value;
  };
  return {
    async open(url) {
      const giveUpAt = Date.now() + START_TIMEOUT_MS;
      while (!(await ask('status').catch(() => undefined))) {
        if (Date.now() > giveUpAt) throw new Error('WebKitWebDriver does not start.');
        await setTimeout(100);
      }
      const options = { binary: path, args: ['--automation'] };
      const { sessionId } = await ask('session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
      });
      await ask(`session/${sessionId}/url`, { url });
    },
    close() {
      if (driver.pid) process.kill(-driver.pid);
    },
  };
}

/** WebKit's own browser, which is in no path. */
function findMiniBrowser() {
  const { stdout } = spawnSync('find', [LIBRARIES, '-name', 'MiniBrowser', '-type', 'f'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').find((path) => existsSync(path));
}
