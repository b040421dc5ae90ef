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

const isQuick = process.argv.includes('--quick');
const REPETITIONS = isQuick ? 3 : 9;
const SIZE = { components: 10_000, flags: 200 };
/** One life before the measured one, so that the code is compiled and what is allocated but once is not counted. */
const WARM_UP = SIZE;
const COMPONENT_COUNTS = isQuick ? [1_000, 10_000] : [100, 1_000, 10_000, 30_000, 100_000];
const FLAG_COUNTS = isQuick ? [200, 1_000] : [10, 200, 1_000, 5_000];
const OURS = 'react-appconfig';
const FLOOR = 'floor';
const BUDGETS = { mount: 1.1, mountWarm: 1.1, flip1: 1.1, heapBytes: 1.15 };
const UNCHANGED_BUDGET_MS = 0.2;

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = join(here, '../../dist');
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
  resolve: {
    dedupe: ['react', 'react-dom', '@tanstack/react-query'],
    alias: [
      { find: /^react-appconfig$/, replacement: join(dist, 'entries/index.js') },
      {
        find: /^react-appconfig\/appconfigdata$/,
        replacement: join(dist, 'entries/appconfigdata.js'),
      },
      { find: /^react-appconfig\/emulator$/, replacement: join(dist, 'entries/emulator.js') },
    ],
  },
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
 * One life of an app: mounted, flipped, left alone, unmounted.
 * @param {import('playwright').Page} page
 * @param {string} name
 * @param {{ components: number, flags: number }} size
 */
async function measureLife(page, name, size) {
  return page.evaluate(async ([contender, appSize]) => {
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
    await bench.prepare(contender, appSize);
    bench.collectGarbage();
    bench.takeLongTasks();
    const timersBefore = bench.countTimers();
    const mount = (await bench.mount()) ?? Number.NaN;
    const longTasksOfMount = bench.takeLongTasks();
    const timers = bench.countTimers() - timersBefore;
    // An app that has been open for a while: its code is compiled, and its memory has been tidied.
    await flips(1, 10);
    bench.collectGarbage();
    const one = await flips(1, 11);
    const none = await flips(0, 11);
    const ten = await flips(Math.min(10, appSize.flags), 5);
    const all = await flips(appSize.flags, 3);
    const longTasksOfUpdates = bench.takeLongTasks();
    const mountsWarm = [];
    for (let time = 0; time < 3; time += 1) {
      // Garbage of the updates and of the previous mount must not count for this one.
      bench.collectGarbage();
      mountsWarm.push((await bench.mountAgain()) ?? Number.NaN);
    }
    const mountWarm = middle(mountsWarm);
    const unmount = bench.unmount() ?? Number.NaN;
    await bench.dispose();
    return {
      mount,
      mountWarm,
      unmount,
      timers,
      flip1: one.toDomMs,
      flip1Quiet: one.toQuietMs,
      flip10: ten.toDomMs,
      flipAll: all.toDomMs,
      unchanged: none.toQuietMs,
      rendersFlip1: one.renders,
      rendersUnchanged: none.renders,
      longTasksOfMount,
      longTasksOfUpdates,
    };
  }, /** @type {const} */ ([name, size]));
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
  await measureLife(page, name, WARM_UP);
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
    await measureLife(page, name, WARM_UP);
    keep(name, await measureLife(page, name, SIZE));
    await page.close();
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
        await measureLife(page, name, WARM_UP);
        const { mount, mountWarm, flip1, unmount } = await measureLife(page, name, {
          ...SIZE,
          [dimension]: count,
        });
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

const RATIOS = ['mount', 'mountWarm', 'flip1', 'flip10', 'flipAll', 'unmount', 'heapBytes'];
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
    (row[metric] ?? Number.NaN).toFixed(metric === 'unchanged' ? 2 : 0),
  );
  say(`| ${name} | ${[...ratios, ...plain].join(' | ')} |`);
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
if ((medians[OURS]?.['unchanged'] ?? Number.NaN) > UNCHANGED_BUDGET_MS)
  say(`over budget: unchanged, ${UNCHANGED_BUDGET_MS} ms`);
if (!isQuick) {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    chromium: version,
    node: process.version,
  };
  await writeFile(
    join(here, 'results.json'),
    `${JSON.stringify({ machine, size: SIZE, repetitions: REPETITIONS, medians, growth }, undefined, 2)}\n`,
  );
}
