// Measures flag hooks in a real Chromium, this package beside a bare store and its peers, all in one run:
//   npm run bench            everything, into test/bench/results.json
//   npm run bench -- --quick fewer repetitions and sizes, for a first look; writes nothing
//   npm run bench -- --quick --only=floor,react-appconfig   and fewer contenders
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { build } from 'vite';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';
import { serveFolder } from '../support/serveFolder.mjs';
import { BUILT_PACKAGE } from './builtPackage.mjs';

const isQuick = process.argv.includes('--quick');
const REPETITIONS = isQuick ? 3 : 9;
const SIZE = { components: 10_000, flags: 200 };
/** Smaller apps, for every contender as well. */
const OTHER_SIZES = [
  { components: 1_000, flags: 200 },
  { components: 1_000, flags: 2_000 },
];
/** One life before the measured one, so that the code is compiled and what is allocated but once is not counted. */
const WARM_UP = SIZE;
const COMPONENT_COUNTS = isQuick ? [1_000, 10_000] : [100, 1_000, 10_000, 30_000, 100_000];
const FLAG_COUNTS = isQuick ? [200, 1_000] : [10, 200, 1_000, 5_000];
const OURS = 'react-appconfig';
const FLOOR = 'floor';
const BARE_QUERY = 'bare QueryObserver';
/** Those that render exactly the components whose flag has changed: nobody else is compared with in speed. */
const EXACT_PEERS = ['LaunchDarkly', 'OpenFeature', 'Unleash'];
const BUDGETS = { flip1: 1.7, heapBytes: 1.1 };
/** Over a bare QueryObserver. */
const UNCHANGED_BUDGET_MS = 0.05;

const here = fileURLToPath(new URL('.', import.meta.url));
const outDir = join(here, '.build');

/** @param {number[]} values */
const median = (values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);

await build({
  root: join(here, 'page'),
  configFile: false,
  logLevel: 'error',
  resolve: BUILT_PACKAGE,
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    minify: !process.argv.includes('--readable'),
  },
});

// Isolated, so that the clocks of the page have their full resolution.
const { origin, close } = await serveFolder(outDir, {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
});
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: [...CHROMIUM_ARGUMENTS, '--js-flags=--expose-gc'],
});

async function openPage() {
  const page = await browser.newPage();
  page.on('pageerror', (error) => say(`page error: ${error.message}`));
  await page.goto(origin);
  await page.waitForFunction(() => 'bench' in window);
  if (!(await page.evaluate(() => window.bench.isIsolated)))
    throw new Error('The page is not isolated.');
  return page;
}

/**
 * The CPU time of the page's main thread so far, in milliseconds: wall time on a busy machine says nothing.
 * @param {import('playwright').CDPSession} devtools
 * @see https://chromedevtools.github.io/devtools-protocol/tot/Performance/
 */
async function cpuMs(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return 1_000 * (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN);
}

/**
 * One life of an app: mounted, flipped, left alone, unmounted.
 * @param {import('playwright').Page} page
 * @param {string} name
 * @param {{ components: number, flags: number }} size
 * @param {'all' | 'one flag' | 'none'} wanted which updates are measured
 */
async function measureLife(page, name, size, wanted) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  /**
   * @param {'mount' | 'mountAgain'} how
   * @returns {Promise<{ ms: number, cpu: number }>}
   */
  const timeMount = async (how) => {
    await page.evaluate(() => window.bench.collectGarbage());
    const before = await cpuMs(devtools);
    const ms = (await page.evaluate((method) => window.bench[method](), how)) ?? Number.NaN;
    return { ms, cpu: (await cpuMs(devtools)) - before };
  };
  await page.evaluate(async ([contender, appSize]) => {
    await window.bench.prepare(contender, appSize);
    window.bench.collectGarbage();
    window.bench.takeLongTasks();
  }, /** @type {const} */ ([name, size]));
  const timersBefore = await page.evaluate(() => window.bench.countTimers());
  const cold = await timeMount('mount');
  const timers = (await page.evaluate(() => window.bench.countTimers())) - timersBefore;
  const updates = await page.evaluate(async ([flags, measured]) => {
    const { bench } = window;
    /** @param {number[]} values */
    const middle = (values) =>
      values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    /**
     * @param {number} flipped
     * @param {number} times
     */
    const flips = async (flipped, times) => {
      const all = [];
      for (let time = 0; time < times; time += 1) {
        const flip = await bench.flip(flipped);
        if (flip) all.push(flip);
      }
      return {
        toDomMs: middle(all.map(({ toDomMs }) => toDomMs)),
        toQuietMs: middle(all.map(({ toQuietMs }) => toQuietMs)),
        renders: middle(all.map(({ renders }) => renders)),
      };
    };
    const longTasksOfMount = bench.takeLongTasks();
    // An app that has been open for a while: its code is compiled, and its memory has been tidied.
    await flips(1, measured === 'none' ? 3 : 10);
    bench.collectGarbage();
    const one = await flips(1, measured === 'none' ? 0 : 11);
    const isAll = measured === 'all';
    const none = await flips(0, isAll ? 21 : 0);
    const ten = await flips(Math.min(10, flags), isAll ? 5 : 0);
    const all = await flips(flags, isAll ? 3 : 0);
    return {
      flip1: one.toDomMs,
      flip1Quiet: one.toQuietMs,
      flip10: ten.toDomMs,
      flipAll: all.toDomMs,
      unchanged: none.toQuietMs,
      rendersFlip1: one.renders,
      rendersUnchanged: none.renders,
      longTasksOfMount,
      longTasksOfUpdates: bench.takeLongTasks(),
    };
  }, /** @type {const} */ ([size.flags, wanted]));
  const warm = [];
  for (let time = 0; time < 3; time += 1) warm.push(await timeMount('mountAgain'));
  const unmount = await page.evaluate(() => window.bench.unmount() ?? Number.NaN);
  await page.evaluate(() => window.bench.dispose());
  await devtools.detach();
  return {
    mount: cold.ms,
    mountCpu: cold.cpu,
    mountWarm: median(warm.map(({ ms }) => ms)),
    mountWarmCpu: median(warm.map(({ cpu }) => cpu)),
    unmount,
    timers,
    ...updates,
  };
}

/**
 * The heap that one component takes, in bytes.
 * @param {string} name
 */
async function measureHeap(name) {
  const page = await openPage();
  const devtools = await page.context().newCDPSession(page);
  const used = async () => {
    for (let round = 0; round < 3; round += 1) await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  await measureLife(page, name, WARM_UP, 'none');
  await page.evaluate(
    async ([contender, size]) => window.bench.prepare(contender, size),
    /** @type {const} */ ([name, SIZE]),
  );
  const before = await used();
  await page.evaluate(async () => window.bench.mount());
  const after = await used();
  await page.close();
  return (after - before) / SIZE.components;
}

const pageForNames = await openPage();
const only = process.argv
  .find((part) => part.startsWith('--only='))
  ?.slice(7)
  .split(',');
const allNames = await pageForNames.evaluate(() => window.bench.names);
const names = only ? allNames.filter((name) => only.includes(name)) : allNames;
await pageForNames.close();

/** @type {Record<string, Record<string, number[]>>} */
const samples = Object.fromEntries(names.map((name) => [name, {}]));
/** The same of smaller apps, by their size. @type {Record<string, number[]>[]} */
const smaller = OTHER_SIZES.map(() => ({}));
const SMALL_METRICS = /** @type {const} */ (['mountCpu', 'mountWarmCpu', 'flip1']);
/**
 * @param {string} name
 * @param {Record<string, number>} life
 */
function keep(name, life) {
  for (const [metric, value] of Object.entries(life))
    (samples[name] ??= {})[metric] = [...(samples[name]?.[metric] ?? []), value];
}

for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
  const order = names.map((_, index) => names[(index + repetition) % names.length] ?? FLOOR);
  for (const name of order) {
    // A page of its own: what another contender taught the compiler, and left in memory, must not count.
    const page = await openPage();
    await measureLife(page, name, WARM_UP, 'none');
    keep(name, await measureLife(page, name, SIZE, 'all'));
    await page.close();
    for (const [index, size] of OTHER_SIZES.entries()) {
      const other = await openPage();
      const life = await measureLife(other, name, size, 'one flag');
      for (const metric of SMALL_METRICS)
        ((smaller[index] ??= {})[`${name} ${metric}`] ??= []).push(life[metric]);
      await other.close();
    }
  }
  say(`repetition ${repetition + 1} of ${REPETITIONS}`);
}
for (let repetition = 0; repetition < (isQuick ? 1 : 3); repetition += 1) {
  for (const name of names) keep(name, { heapBytes: await measureHeap(name) });
}

/** @type {Record<string, Record<string, number>>} */
const medians = Object.fromEntries(
  names.map((name) => [
    name,
    Object.fromEntries(
      Object.entries(samples[name] ?? {}).map(([metric, values]) => [metric, median(values)]),
    ),
  ]),
);

/** @param {'components' | 'flags'} dimension @param {number[]} counts */
async function measureGrowth(dimension, counts) {
  const rows = [];
  for (const count of counts) {
    /** @type {Record<string, { mount: number[], mountWarm: number[], flip1: number[], unmount: number[] }>} */
    const lives = {
      [FLOOR]: { mount: [], mountWarm: [], flip1: [], unmount: [] },
      [OURS]: { mount: [], mountWarm: [], flip1: [], unmount: [] },
    };
    for (let repetition = 0; repetition < (isQuick ? 1 : 3); repetition += 1) {
      for (const name of [FLOOR, OURS]) {
        const page = await openPage();
        await measureLife(page, name, WARM_UP, 'none');
        const { mount, mountWarm, flip1, unmount } = await measureLife(
          page,
          name,
          {
            ...SIZE,
            [dimension]: count,
          },
          'one flag',
        );
        lives[name]?.mount.push(mount);
        lives[name]?.mountWarm.push(mountWarm);
        lives[name]?.flip1.push(flip1);
        lives[name]?.unmount.push(unmount);
        await page.close();
      }
    }
    const of = (/** @type {string} */ name) => ({
      mount: median(lives[name]?.mount ?? []),
      mountWarm: median(lives[name]?.mountWarm ?? []),
      flip1: median(lives[name]?.flip1 ?? []),
      unmount: median(lives[name]?.unmount ?? []),
    });
    rows.push({ count, floor: of(FLOOR), ours: of(OURS) });
    say(`${count} ${dimension}`);
  }
  return rows;
}

const growth = {
  components: await measureGrowth('components', COMPONENT_COUNTS),
  flags: await measureGrowth('flags', FLAG_COUNTS),
};
const version = browser.version();
await browser.close();
close();

const RATIOS = [
  'mount',
  'mountCpu',
  'mountWarm',
  'mountWarmCpu',
  'flip1',
  'flip10',
  'flipAll',
  'unmount',
  'heapBytes',
];
const PLAIN = [
  'unchanged',
  'rendersFlip1',
  'rendersUnchanged',
  'timers',
  'longTasksOfMount',
  'longTasksOfUpdates',
];
const floorOf = medians[FLOOR] ?? {};
say(
  `\n${SIZE.components.toLocaleString('en')} components over ${SIZE.flags} flags, medians of ${REPETITIONS} repetitions; ratios to the floor, whose own figures are in ms (heap in bytes per component).\n`,
);
say(`| | ${[...RATIOS, ...PLAIN].join(' | ')} |`);
say(`| --- |${' ---: |'.repeat(RATIOS.length + PLAIN.length)}`);
for (const name of names) {
  const row = medians[name] ?? {};
  const ratios = RATIOS.map((metric) => {
    const value = row[metric] ?? Number.NaN;
    return name === FLOOR
      ? value.toFixed(2)
      : `${(value / (floorOf[metric] ?? Number.NaN)).toFixed(2)}×`;
  });
  const plain = PLAIN.map((metric) =>
    (row[metric] ?? Number.NaN).toFixed(metric === 'unchanged' ? 3 : 0),
  );
  say(`| ${name} | ${[...ratios, ...plain].join(' | ')} |`);
}
const small = OTHER_SIZES.map((size, index) => ({
  size,
  medians: Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(
        SMALL_METRICS.map((metric) => [
          metric,
          median(smaller[index]?.[`${name} ${metric}`] ?? []),
        ]),
      ),
    ]),
  ),
}));
for (const { size, medians: rows } of small) {
  say(
    `\n${size.components.toLocaleString('en')} components over ${size.flags.toLocaleString('en')} flags\n\n| | ${SMALL_METRICS.join(' | ')} |\n| --- |${' ---: |'.repeat(SMALL_METRICS.length)}`,
  );
  for (const name of names) {
    const cells = SMALL_METRICS.map((metric) => {
      const value = rows[name]?.[metric] ?? Number.NaN;
      const least = rows[FLOOR]?.[metric] ?? Number.NaN;
      return name === FLOOR ? value.toFixed(2) : `${(value / least).toFixed(2)}×`;
    });
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
}
for (const [dimension, rows] of Object.entries(growth)) {
  say(
    `\n| ${dimension} | mount, floor ms | mount, ours ms | ratio | warm mount, ratio | flip, floor ms | flip, ours ms | unmount, floor ms | unmount, ours ms |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`,
  );
  for (const { count, floor, ours } of rows) {
    say(
      `| ${count.toLocaleString('en')} | ${floor.mount.toFixed(1)} | ${ours.mount.toFixed(1)} | ${(ours.mount / floor.mount).toFixed(2)}× | ${(ours.mountWarm / floor.mountWarm).toFixed(2)}× | ${floor.flip1.toFixed(2)} | ${ours.flip1.toFixed(2)} | ${floor.unmount.toFixed(1)} | ${ours.unmount.toFixed(1)} |`,
    );
  }
  const [first] = rows;
  const last = rows.at(-1);
  if (dimension === 'components' && first && last && first !== last) {
    const slope = (/** @type {'floor' | 'ours'} */ who) =>
      (1_000 * (last[who].mount - first[who].mount)) / (last.count - first.count);
    say(
      `\nEach further component costs ${slope('floor').toFixed(2)} µs (floor) and ${slope('ours').toFixed(2)} µs (ours).`,
    );
  }
}

const failures = Object.entries(BUDGETS).filter(
  ([metric, budget]) =>
    !((medians[OURS]?.[metric] ?? Number.NaN) / (floorOf[metric] ?? Number.NaN) <= budget),
);
for (const [metric, budget] of failures) say(`over budget: ${metric}, ${budget}× the floor`);
const ours = medians[OURS] ?? {};
for (const metric of ['mountCpu', 'mountWarmCpu', 'flip1']) {
  const ahead = EXACT_PEERS.filter(
    (peer) => (medians[peer]?.[metric] ?? Infinity) < (ours[metric] ?? Number.NaN),
  );
  if (ahead.length > 0) say(`ahead of this package in ${metric}: ${ahead.join(', ')}`);
}
const overBareMs =
  (ours['unchanged'] ?? Number.NaN) - (medians[BARE_QUERY]?.['unchanged'] ?? Number.NaN);
if (!(overBareMs <= UNCHANGED_BUDGET_MS))
  say(`over budget: unchanged, ${UNCHANGED_BUDGET_MS} ms over a bare QueryObserver`);
if (!isQuick) {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    chromium: version,
    node: process.version,
  };
  await writeFile(
    join(here, 'results.json'),
    `${JSON.stringify({ machine, size: SIZE, repetitions: REPETITIONS, medians, small, growth }, undefined, 2)}\n`,
  );
}
