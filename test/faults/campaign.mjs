// Breaks everything between the built package and the service, for as long as it takes, and then asks
// whether anything was lost:
//   npm run test:faults                  5,000 faults, about a minute
//   npm run test:faults -- --short       300 of them; `npm test` runs this
//   npm run test:faults -- --seed=7      the same choices again (sockets keep their own timing)
// Real parts: Chromium, Node, the AWS SDK, HTTP. Time runs a hundred times faster for all of them.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';
import { serveFolder } from '../support/serveFolder.mjs';
import { accelerateTime } from './acceleratedTime.mjs';
import { startFaultyProxy } from './faultyProxy.mjs';
import { createRandom } from './random.mjs';

const isShort = process.argv.includes('--short');
const seed = Number(process.argv.find((part) => part.startsWith('--seed='))?.slice(7) ?? 1);
const FAULTS = isShort ? 300 : 5_000;
/** Several times what it takes. */
const MOST_ROUNDS = isShort ? 120 : 400;
const SCALE = 100;
const SHARE = 0.5;
const TABS = isShort ? 2 : 4;
const NODE_CLIENTS = isShort ? 4 : 8;
const PROFILES = isShort ? ['p0', 'p1'] : ['p0', 'p1', 'p2', 'p3'];
const FLAGS = 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NAME = { application: 'shop', environment: 'production' };
/** The longest back-off with its jitter, or one interval with its own, and what a clock may have been set. */
const LONGEST_WAIT_MS = 330_000 + 66_000;
/** Of real time: nothing but a client that gave up takes that long, however busy the machine is. */
const LONGEST_CONVERGENCE_MS = 120_000;
/** Of real time. */
const LONGEST_EVENT_MS = 120_000;
/** Written by the browser, not by the page: one line per failed request. */
const BROWSERS_OWN_LINES = /^(Failed to load resource|Access to fetch)/;
/** Written by the AWS SDK, once per process. */
const SDK_OWN_LINE = /NodeVersionSupportWarning/;

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, '../../dist');
const outDir = join(here, '.build');
const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout } = globalThis;
/** @param {number} ms */
const sleepReal = (ms) => new Promise((resolve) => realSetTimeout(resolve, ms));
/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

const alias = [
  { find: /^react-appconfig$/, replacement: join(dist, 'entries/index.js') },
  {
    find: /^react-appconfig\/appconfigdata$/,
    replacement: join(dist, 'entries/appconfigdata.js'),
  },
  { find: /^react-appconfig\/session$/, replacement: join(dist, 'entries/session.js') },
];
/** @type {import('vite').InlineConfig} */
const shared = {
  root: join(here, 'page'),
  configFile: false,
  logLevel: 'error',
  resolve: { alias },
};
await build({
  ...shared,
  build: { outDir: join(outDir, 'page'), emptyOutDir: true, target: 'es2022' },
});
await build({
  ...shared,
  build: {
    ssr: 'nodeClients.ts',
    outDir: join(outDir, 'node'),
    emptyOutDir: true,
    target: 'node20',
  },
});
const { startNodeClients } = await import(join(outDir, 'node/nodeClients.js'));
const { origin, close: closePages } = await serveFolder(join(outDir, 'page'));
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_ARGUMENTS,
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
});

const startAt = Date.now();
const time = accelerateTime({ scale: SCALE, startAt });
const random = createRandom(seed);
/** @type {string[]} */
const noise = [];
for (const level of /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug'])) {
  console[level] = (...parts) => {
    const line = `node: ${parts.join(' ')}`;
    if (!SDK_OWN_LINE.test(line)) noise.push(line);
  };
}
let unhandledRejections = 0;
process.on('unhandledRejection', () => {
  unhandledRejections += 1;
});

const emulator = createEmulator({
  clock: { now: () => startAt + time.now() },
  historyLength: 1_000_000,
});
let version = 0;
const deploy = () => {
  version += 1;
  const flags = Array.from({ length: FLAGS }, (_, index) => [
    `flag-${index}`,
    { enabled: true, version },
  ]);
  for (const profile of PROFILES) {
    emulator.deploy({
      ...NAME,
      profile,
      content: Object.fromEntries(flags),
      versionLabel: `v${version}`,
    });
  }
  // No schema and no parser: whatever gets through is shown.
  emulator.deploy({
    ...NAME,
    profile: 'notice',
    content: `version ${version}`,
    contentType: 'text/plain',
  });
};
deploy();
const { url: target, close: closeEmulator } = await serveEmulator(emulator);
const proxy = await startFaultyProxy({
  target,
  random,
  share: SHARE,
  after: (callback, delayMs) => realSetTimeout(callback, delayMs / SCALE),
});

const context = await browser.newContext();
// Playwright's own timers run fast in this process, too.
context.setDefaultTimeout(30_000 * SCALE);
await context.addInitScript(accelerateTime, { scale: SCALE, startAt });
const pageUrl = (/** @type {number} */ index) =>
  `${origin}/?port=${proxy.port}&seed=${seed + index}&profiles=${PROFILES.join(',')}`;
const tabs = await Promise.all(
  Array.from({ length: TABS }, async (_, index) => {
    const page = await context.newPage();
    page.on('pageerror', (error) => noise.push(`page error: ${error.message}`));
    page.on('console', (message) => {
      if (!BROWSERS_OWN_LINES.test(message.text())) noise.push(`page: ${message.text()}`);
    });
    await page.goto(pageUrl(index));
    const devtools = await context.newCDPSession(page);
    return { page, devtools };
  }),
);
const nodeClients = startNodeClients({
  port: proxy.port,
  seed: seed + TABS,
  count: NODE_CLIENTS,
  profiles: PROFILES,
});
/** @typedef {import('./page/record.ts').CampaignRecord} CampaignRecord */
/** @returns {Promise<CampaignRecord[]>} */
const readRecords = async () => [
  nodeClients.record,
  ...(await Promise.all(
    tabs.map(({ page }) => page.evaluate(() => Reflect.get(globalThis, 'campaign').record)),
  )),
];
const setCalm = async (/** @type {boolean} */ calm) => {
  if (calm) proxy.calm();
  else proxy.rage();
  nodeClients.calm(calm);
  for (const { page } of tabs) {
    await page.evaluate((isCalm) => Reflect.get(globalThis, 'campaign').calm(isCalm), calm);
  }
};
const READERS = (TABS + NODE_CLIENTS) * PROFILES.length;
const showVersion = async (/** @type {number} */ wanted) => {
  const records = await readRecords();
  return records.flatMap(({ shown }) => Object.values(shown)).filter((shown) => shown === wanted)
    .length;
};

const pickTab = () => tabs[Math.floor(random() * tabs.length)] ?? fail('There is no tab.');
const setClocks = async (/** @type {number} */ byMs) => {
  time.jump(byMs);
  for (const { page } of tabs) {
    await page.evaluate((ms) => Reflect.get(globalThis, 'acceleratedTime').jump(ms), byMs);
  }
};
/** The service's clock goes on while the machine sleeps; the machine's monotonic one does not. */
const sleep = async (/** @type {number} */ ms) => {
  // As in sleep: requests in flight are lost, and nothing goes out before all clocks agree again.
  await proxy.goDark(true);
  await setClocks(ms);
  emulator.advance(ms);
  await proxy.goDark(false);
};
/** @param {import('playwright').Page} page @param {'hidden' | 'visible'} state */
const setVisibility = (page, state) =>
  page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  }, state);

/** What happens to a tab or to the machine rather than to a request. */
const EVENTS = {
  'wall clock set forward 3 h': () => setClocks(3 * HOUR_MS),
  'wall clock set back 3 h': () => setClocks(-3 * HOUR_MS),
  'laptop asleep for 30 h': () => sleep(30 * HOUR_MS),
  'tab hidden for 25 h': async () => {
    const { page } = pickTab();
    await setVisibility(page, 'hidden');
    await sleepReal(300);
    await sleep(25 * HOUR_MS);
    await setVisibility(page, 'visible');
  },
  'tab frozen and resumed': async () => {
    const { devtools } = pickTab();
    const isFrozen = new Promise((resolve) => {
      devtools.once('Debugger.paused', resolve);
    });
    // A headless browser does not freeze tabs by itself.
    await devtools.send('Debugger.enable');
    await devtools.send('Debugger.pause');
    // A page that has nothing to do stops at the first thing it is given to do.
    const woken = devtools.send('Runtime.evaluate', { expression: 'undefined' });
    await isFrozen;
    await sleepReal(1_500);
    await devtools.send('Debugger.disable');
    await woken;
  },
  'away and back again': async () => {
    const { page } = pickTab();
    await page.goto(`${origin}/away`);
    // A page that comes back from the cache does not load again.
    await page.goBack({ waitUntil: 'commit' });
    await page.waitForFunction(() => 'campaign' in globalThis);
  },
  'page reloaded': async () => {
    await pickTab().page.reload();
  },
  'offline and online again': async () => {
    await context.setOffline(true);
    await sleepReal(600);
    await context.setOffline(false);
  },
  'dark for 3 minutes': async () => {
    await proxy.goDark(true);
    await sleepReal((3 * MINUTE_MS) / SCALE);
    await proxy.goDark(false);
  },
  'all sessions ended by the service': async () => {
    emulator.expireSessions();
  },
  'new version deployed': async () => deploy(),
};

/** @param {Record<string, number>[]} tallies @returns {Record<string, number>} */
const addUp = (tallies) => {
  /** @type {Record<string, number>} */
  const total = {};
  for (const [kind, count] of tallies.flatMap((tally) => Object.entries(tally))) {
    total[kind] = (total[kind] ?? 0) + count;
  }
  return total;
};
const countFaults = async () => {
  const records = await readRecords();
  return addUp([Object.fromEntries(proxy.counts), ...records.map((record) => record.faults)]);
};
const sum = (/** @type {Iterable<number>} */ values) =>
  [...values].reduce((total, value) => total + value, 0);

// Everybody has a configuration before anything breaks: from here on, none may be lost.
if (!(await waitUntil(async () => (await showVersion(1)) === READERS, 20_000))) {
  fail('Not everybody had a configuration before the campaign began.');
}
await setCalm(false);
const begunAt = time.now();
const kinds = Object.keys(EVENTS);
/** @type {Map<string, number>} */
const events = new Map();
/** @type {{ kind: string, at: number }[]} */
const history = [];
let faults = await countFaults();
// Clients that gave up send no requests to disturb: the end shows which did not come back.
for (
  let round = 0;
  round < MOST_ROUNDS && (sum(Object.values(faults)) < FAULTS || events.size < kinds.length);
  round += 1
) {
  await sleepReal(isShort ? 700 : 1_500);
  // Each once, then any.
  const kind = kinds[events.size] ?? kinds[Math.floor(random() * kinds.length)] ?? '';
  events.set(kind, (events.get(kind) ?? 0) + 1);
  history.push({ kind, at: Math.round(emulator.now()) });
  await withinLimit(kind, EVENTS[/** @type {keyof typeof EVENTS} */ (kind)]());
  // A page that was loaded anew is calm.
  await setCalm(false);
  faults = await countFaults();
}
// The last version arrives amid the faults: no client may need a further one to recover.
deploy();
await sleepReal(2_000);
faults = await countFaults();
await setCalm(true);
const calmAt = time.now();
const hasConverged = await waitUntil(
  async () => (await showVersion(version)) === READERS,
  LONGEST_CONVERGENCE_MS,
);
const convergedAfterMs = time.now() - calmAt;
const records = await readRecords();
const late = READERS - (await showVersion(version));

nodeClients.stop();
await browser.close();
proxy.close();
closePages();
await closeEmulator();

/** @param {import('../../dist/entries/emulator.js').Violation['rule']} broken */
const violationsOf = (broken) => emulator.violations.filter(({ rule }) => rule === broken).length;
// The proxy repeats requests, and so does Chromium when a connection breaks: whether a session sent
// a token twice can be seen only where it is sent.
const repeated = violationsOf('token-reused');
const earlyPolls = violationsOf('poll-interval-not-satisfied');
const total = (/** @type {keyof CampaignRecord} */ field) =>
  sum(records.map((record) => Number(record[field])));
const beyond = records.filter(({ newest }) => newest > version).length;

say('| fault | times |\n| --- | ---: |');
for (const [kind, count] of Object.entries(faults).toSorted(([, a], [, b]) => b - a))
  say(`| ${kind} | ${count} |`);
for (const [kind, count] of events) say(`| ${kind} | ${count} |`);
say(
  `\n${sum(Object.values(faults))} requests struck in ${Object.keys(faults).length} ways, ${sum(events.values())} events of ${events.size} kinds, ${((calmAt - begunAt) / HOUR_MS).toFixed(1)} simulated hours (sleep not counted); ${emulator.requests.length} requests reached the emulator; ${TABS} tabs and ${NODE_CLIENTS} clients in Node, ${PROFILES.length} profiles each; seed ${seed}.`,
);
const errors = Object.entries(addUp(records.map((record) => record.errors)));
say(`All had the newest version after ${Math.round(convergedAfterMs / 1_000)} simulated seconds.`);
say(`Reported to onError: ${errors.map(([code, count]) => `${code} ${count}`).join(', ')}.`);
say(`Refused because they were repeated on their way: ${repeated} requests.`);
say(`Back from the back/forward cache: ${total('backFromCache')}.\n`);

/** @type {[what: string, found: number, allowed: number][]} */
const RESULTS = [
  ['tokens sent twice by a session', total('tokensSentTwice'), 0],
  ['early polls', earlyPolls, 0],
  ['other protocol violations', emulator.violations.length - repeated - earlyPolls, 0],
  ['lost configurations', total('lostConfigurations'), 0],
  ['wrong values shown', total('wrongValues') + beyond, 0],
  ['unhandled rejections', total('unhandledRejections') + unhandledRejections, 0],
  ['lines on the console', noise.length, 0],
  ['readers without the newest version', hasConverged ? 0 : late, 0],
  // By its own clock: how long the machine takes for everything else is not the session's to answer for.
  [
    'simulated seconds that a session waited at most',
    Math.round(Math.max(...records.map(({ longestWaitMs }) => longestWaitMs)) / 1_000),
    LONGEST_WAIT_MS / 1_000,
  ],
];
say('| invariant | found | allowed |\n| --- | ---: | ---: |');
for (const [what, found, allowed] of RESULTS) say(`| ${what} | ${found} | ${allowed} |`);
for (const line of noise.slice(0, 10)) say(line);
for (const { rule, token, at } of emulator.violations) {
  if (rule === 'token-reused' || rule === 'poll-interval-not-satisfied') continue;
  const before = history.filter((event) => event.at <= at).slice(-2);
  say(`${rule}: ${token} at ${at}, after ${before.map((e) => `${e.kind} at ${e.at}`).join(', ')}`);
}
const broken = RESULTS.filter(([, found, allowed]) => found > allowed);
for (const [what] of broken) say(`BROKEN: ${what}`);
process.exit(broken.length > 0 ? 1 : 0);

/**
 * @param {() => Promise<boolean>} condition
 * @param {number} longestMs of real time
 */
async function waitUntil(condition, longestMs) {
  const end = performance.timeOrigin + time.now() / SCALE + longestMs;
  while (!(await condition())) {
    if (performance.timeOrigin + time.now() / SCALE > end) return false;
    await sleepReal(50);
  }
  return true;
}

/**
 * A browser may never answer on a machine that is too busy.
 *
 * @param {string} kind
 * @param {Promise<void>} event
 */
async function withinLimit(kind, event) {
  /** @type {NodeJS.Timeout | undefined} */
  let timeout;
  const tooLong = new Promise((_, reject) => {
    const error = new Error(`"${kind}" did not end within ${LONGEST_EVENT_MS / 1_000} s.`);
    timeout = realSetTimeout(() => reject(error), LONGEST_EVENT_MS);
  });
  await Promise.race([event, tooLong]).finally(() => realClearTimeout(timeout));
}

/** @param {string} message @returns {never} */
function fail(message) {
  throw new Error(message);
}
