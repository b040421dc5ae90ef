import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { chromium } from 'playwright';

const ENVIRONMENT_VARIABLE = 'CHROMIUM_PATH';
/** How long the browser from npm may take to be unpacked. */
const UNPACKING_MS = 60_000;
const INSTALLED_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What Chromium needs to run headless as any user, without reaching for the network. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A Chromium to test with, in this order: the one that the environment variable names, one that is
 * installed, Playwright's own download, and the one that comes in an npm package.
 *
 * @returns {Promise<string>} the path of its executable
 */
export async function findChromium() {
  const named = process.env[ENVIRONMENT_VARIABLE];
  if (named) return named;
  const installed = findInstalled(INSTALLED_NAMES);
  if (installed) return installed;
  if (existsSync(chromium.executablePath())) return chromium.executablePath();
  const packaged = await import('@sparticuz/chromium');
  const path = await packaged.default.executablePath();
  await untilItRuns(path);
  return path;
}

/**
 * The path of the first program of these names that is installed.
 *
 * @param {readonly string[]} names
 */
export function findInstalled(names) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** @param {string} path */
async function untilItRuns(path) {
  const giveUpAt = Date.now() + UNPACKING_MS;
  for (;;) {
    const { status, stderr, error } = spawnSync(path, ['--version', '--no-sandbox'], {
      encoding: 'utf8',
    });
    if (status === 0) return;
    const library = /lib[\w.-]+\.so[.\d]*/.exec(stderr ?? '')?.[0];
    if (library) {
      throw new Error(
        `The browser for the tests needs ${library}: apt-get install libnss3 libnspr4 libexpat1, or set ${ENVIRONMENT_VARIABLE} to an installed Chromium.`,
      );
    }
    // Another process may still be unpacking it.
    if (Date.now() > giveUpAt) {
      throw new Error(
        `The browser for the tests does not start (${error ?? stderr.trim()}): set ${ENVIRONMENT_VARIABLE} to an installed Chromium.`,
      );
    }
    await setTimeout(500);
  }
}
