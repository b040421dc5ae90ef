// Five real tabs of one browser that poll as one, while the one that polls is closed, crashed or frozen:
//   npm run test:faults:tabs [-- --seed 1]      draws storybook/pictures/five-tabs.svg
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build } from 'vite';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';
import { serveFolder } from '../support/serveFolder.mjs';
import { createRandom } from './random.mjs';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, short: { type: 'boolean', default: false } },
});
const random = createRandom(Number(values.seed));
const TABS = 5;
const ENDS_AT_RANDOM = values.short ? 3 : 10;
const INTERVAL_MS = 4_000;
const LONGEST_INTERVAL_MS = 1.1 * INTERVAL_MS;
/** Two intervals, and a margin, because the tabs are checked only ten times a second. */
const TAKEN_OVER_WITHIN_MS = 2 * LONGEST_INTERVAL_MS + 200;
const NAME = { application: 'shop', environment: 'production', profile: 'settings' };

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, '../../dist');
const outDir = join(here, '.build/tabs');
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const sleep = (/** @type {number} */ ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

await build({
  root: join(here, 'tabsPage'),
  configFile: false,
  logLevel: 'error',
  resolve: {
    alias: [
      { find: /^react-appconfig$/, replacement: join(dist, 'entries/index.js') },
      {
        find: /^react-appconfig\/appconfigdata$/,
        replacement: join(dist, 'entries/appconfigdata.js'),
      },
      { find: /^react-appconfig\/sources$/, replacement: join(dist, 'entries/sources.js') },
    ],
  },
  build: { outDir, emptyOutDir: true, target: 'es2022' },
});
const { origin, close: closePages } = await serveFolder(outDir);
const emulator = createEmulator({ pollIntervalInSeconds: INTERVAL_MS / 1_000 });
let version = 0;
const deploy = () => {
  version += 1;
  emulator.deploy({ ...NAME, content: { version }, contentType: 'application/json' });
};
deploy();
const { url, close: closeEmulator } = await serveEmulator(emulator);
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_ARGUMENTS,
});
const context = await browser.newContext();

/** @typedef {{ page: import('playwright').Page, row: number, openedAt: number, endedAt?: number, end?: string, wakeUp?: () => Promise<unknown> }} Tab */
/** @type {Tab[]} */
const everyTab = [];
/** @type {Tab[]} */
const living = [];
/** @type {{ tab: Tab, at: number, operation: 'start' | 'poll' }[]} */
const calls = [];
/** @type {string[]} */
const noise = [];
const startedAt = Date.now();
const now = () => Date.now() - startedAt;
await context.exposeBinding('reportCall', ({ page }, operation) => {
  const tab = everyTab.find((candidate) => candidate.page === page);
  if (tab) calls.push({ tab, at: now(), operation });
});

async function openTab() {
  const page = await context.newPage();
  page.on('pageerror', (error) => noise.push(error.message));
  page.on('console', (message) => noise.push(message.text()));
  const row = Array.from({ length: TABS }, (_, index) => index).find(
    (index) => !living.some((tab) => tab.row === index),
  );
  const tab = { page, row: row ?? TABS, openedAt: now() };
  everyTab.push(tab);
  living.push(tab);
  await page.goto(`${origin}/?port=${new URL(url).port}`);
}

/** Everything that can happen to a tab. */
const ENDS = {
  closed: (/** @type {Tab} */ { page }) => page.close(),
  async crashed(/** @type {Tab} */ { page }) {
    const devtools = await context.newCDPSession(page);
    const isOver = new Promise((resolve) => {
      page.once('crash', resolve);
    });
    // It gets no answer: the page that could give one is gone.
    devtools.send('Page.crash').catch(() => undefined);
    await isOver;
  },
  /** As a debugger stops it: a headless browser does not freeze tabs. */
  async frozen(/** @type {Tab} */ tab) {
    const devtools = await context.newCDPSession(tab.page);
    await devtools.send('Debugger.enable');
    const isStopped = new Promise((resolve) => {
      devtools.once('Debugger.paused', resolve);
    });
    await devtools.send('Debugger.pause');
    await isStopped;
    tab.wakeUp = () => devtools.send('Debugger.resume');
  },
};
const KINDS = /** @type {(keyof typeof ENDS)[]} */ (Object.keys(ENDS));

/** @param {Tab} tab @param {keyof typeof ENDS} end */
async function endTab(tab, end) {
  living.splice(living.indexOf(tab), 1);
  tab.endedAt = now();
  tab.end = end;
  await ENDS[end](tab);
}

/** How long it takes until every living tab shows the newest version. */
async function msUntilAllShowIt() {
  const since = now();
  const expected = JSON.stringify({ version });
  for (;;) {
    const shown = await Promise.all(living.map(({ page }) => page.locator('output').textContent()));
    if (shown.every((text) => text === expected)) return now() - since;
    if (now() - since > 10 * INTERVAL_MS) return Infinity;
    await sleep(100);
  }
}

const countSince = (/** @type {number} */ at, /** @type {'start' | 'poll'} */ operation) =>
  calls.filter((call) => call.at >= at && call.operation === operation).length;
const leader = () => {
  const tab = calls.at(-1)?.tab;
  if (!tab) throw new Error('No tab has polled yet.');
  return tab;
};
let failures = 0;
/** @param {string} what @param {string} figures @param {boolean} holds */
const row = (what, figures, holds) => {
  if (!holds) failures += 1;
  say(`| ${what} | ${figures} | ${holds ? 'held' : 'BROKEN'} |`);
};
const seconds = (/** @type {number} */ ms) => `${(ms / 1_000).toFixed(1)} s`;

say(`${TABS} tabs, an interval of ${INTERVAL_MS / 1_000} s, seed ${values.seed}.\n`);
say('| what happens | what was seen | |');
say('| --- | --- | --- |');
for (let index = 0; index < TABS; index += 1) await openTab();
await msUntilAllShowIt();
const calmSince = now();
await sleep(5 * INTERVAL_MS);
const calmPolls = countSince(calmSince, 'poll');
row(
  'nothing, for five intervals',
  `${calmPolls} requests, ${countSince(0, 'start')} session`,
  calmPolls >= 4 && calmPolls <= 5 && countSince(0, 'start') === 1,
);

for (const end of KINDS) {
  const since = now();
  await endTab(leader(), end);
  deploy();
  const tookMs = await msUntilAllShowIt();
  const starts = countSince(since, 'start');
  row(
    `the tab that polls is ${end}`,
    `the other ${living.length} had the new version after ${seconds(tookMs)}, from ${starts} new session`,
    tookMs <= TAKEN_OVER_WITHIN_MS && starts === 1,
  );
  await openTab();
}

const wildSince = now();
let leadersEnded = 0;
let slowestMs = 0;
for (let round = 0; round < ENDS_AT_RANDOM; round += 1) {
  const tab = living[Math.floor(random() * living.length)] ?? leader();
  if (tab === leader()) leadersEnded += 1;
  await endTab(tab, KINDS[Math.floor(random() * KINDS.length)] ?? 'closed');
  deploy();
  slowestMs = Math.max(slowestMs, await msUntilAllShowIt());
  await openTab();
}
const intervals = Math.ceil((now() - wildSince) / INTERVAL_MS);
const wildPolls = countSince(wildSince, 'poll');
row(
  `${ENDS_AT_RANDOM} tabs end at random, ${leadersEnded} of them while they poll`,
  `${wildPolls} requests in ${intervals} intervals, a new version everywhere after at most ${seconds(slowestMs)}`,
  // A tab that takes over asks at once.
  wildPolls <= intervals + leadersEnded && slowestMs <= TAKEN_OVER_WITHIN_MS,
);

const frozen = everyTab.filter(({ wakeUp }) => wakeUp);
for (const { wakeUp } of frozen) await wakeUp?.();
await sleep(1_000);
const resumedSince = now();
deploy();
const resumedMs = await msUntilAllShowIt();
await sleep(Math.max(0, 3 * INTERVAL_MS - resumedMs));
const resumedPolls = countSince(resumedSince, 'poll');
row(
  `${frozen.length} frozen tabs wake up`,
  `${resumedPolls} requests in three intervals by ${living.length + frozen.length} tabs`,
  resumedPolls <= 3 && resumedPolls >= 2,
);
row(
  'rules of the protocol broken',
  `${emulator.violations.length}`,
  emulator.violations.length === 0,
);
row('lines on the console, and errors', `${noise.length}`, noise.length === 0);
await browser.close();
await closeEmulator();
closePages();
if (!values.short) draw();
if (failures > 0) {
  say(noise.slice(0, 5).join('\n'));
  process.exitCode = 1;
}

/** Tabs as rows, their calls as dots, over time. */
function draw() {
  const LEFT = 50;
  const WIDTH = 700;
  const ROW = 34;
  const endAt = now();
  const x = (/** @type {number} */ at) => (LEFT + (WIDTH * at) / endAt).toFixed(1);
  const y = (/** @type {Tab} */ { row: line }) => 34 + line * ROW;
  const bars = everyTab.map((tab) => {
    const end = x(tab.endedAt ?? endAt);
    return `<line x1="${x(tab.openedAt)}" x2="${end}" y1="${y(tab)}" y2="${y(tab)}" stroke="#c9cde0" stroke-width="6" stroke-linecap="round"/>${
      tab.end
        ? `<text x="${end}" y="${y(tab) - 8}" text-anchor="middle" font-size="9" fill="#b3402f">${tab.end}</text>`
        : ''
    }`;
  });
  const dots = calls
    .filter(({ operation }) => operation === 'poll')
    .map(({ tab, at }) => `<circle cx="${x(at)}" cy="${y(tab)}" r="3.2" fill="#4b46c8"/>`);
  const names = Array.from(
    { length: TABS },
    (_, line) => `<text x="8" y="${38 + line * ROW}">tab ${line + 1}</text>`,
  );
  const height = 34 + TABS * ROW + 26;
  writeFileSync(
    fileURLToPath(new URL('../../storybook/pictures/five-tabs.svg', import.meta.url)),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 24} ${height}" width="${LEFT + WIDTH + 24}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#3a4052">
<rect width="100%" height="100%" fill="#ffffff" rx="8"/>
${[...names, ...bars, ...dots].join('\n')}
<text x="${LEFT}" y="${height - 12}" fill="#6a7085">${Math.round(endAt / 1_000)} seconds; each dot is a request to the service, each bar a tab until it is closed, crashed or frozen.</text>
</svg>
`,
  );
}
