// Counts the instructions of first and later mounts, exactly, where a clock on a busy machine says nothing:
//   npm run bench:instructions      needs valgrind; a few minutes
// Each figure is the difference of two processes that do the same up to that step. V8 works on one thread and to a fixed
// plan (`--predictable`), so that two runs differ by less than a thousandth.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { BUILT_PACKAGE } from './builtPackage.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const SIZES = [
  { components: 1_000, flags: 200 },
  { components: 10_000, flags: 200 },
];
/** Over the floor. */
const BUDGET = 1.1;
const LATER_LIVES = 6;
const NAMES = ['floor', 'floor in a context', 'react-appconfig', 'Unleash', 'Statsig'];
const V8 = ['--predictable', '--single-threaded', '--random-seed=1', '--hash-seed=1'];

if (spawnSync('valgrind', ['--version']).status !== 0) {
  process.stdout.write(
    'Nothing is counted: valgrind is not installed (apt-get install valgrind).\n',
  );
  process.exit(0);
}

const bundle = join(here, '.build/counted');
await build({
  root: join(here, 'page'),
  configFile: false,
  logLevel: 'error',
  resolve: BUILT_PACKAGE,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: bundle,
    emptyOutDir: true,
    target: 'es2022',
    minify: false,
    lib: { entry: join(here, 'page/counted.tsx'), formats: ['es'], fileName: () => 'counted.mjs' },
  },
});

/**
 * @param {string} name
 * @param {{ components: number, flags: number }} size
 * @param {string} steps
 */
function count(name, { components, flags }, steps) {
  const folder = mkdtempSync(join(tmpdir(), 'instructions-'));
  try {
    const out = join(folder, 'out');
    const page = [join(here, 'countedPage.mjs'), join(bundle, 'counted.mjs'), name];
    const valgrind = [
      '--tool=callgrind',
      `--callgrind-out-file=${out}`,
      '--smc-check=all-non-file',
    ];
    execFileSync(
      'valgrind',
      [...valgrind, process.execPath, ...V8, ...page, `${components}`, `${flags}`, steps],
      { stdio: 'ignore', env: { ...process.env, NODE_ENV: 'production' } },
    );
    const [, total] = /^(?:summary|totals): (\d+)/m.exec(readFileSync(out, 'utf8')) ?? [];
    return Number(total);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @type {number[]} */
const over = [];
for (const size of SIZES) {
  process.stdout.write(
    `\n${size.components.toLocaleString('en')} hooks over ${size.flags} flags, in millions of instructions\n\n| | first mount | ratio | later mount and unmount | ratio |\n| --- | ---: | ---: | ---: | ---: |\n`,
  );
  /** @type {number[]} */
  let least = [];
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : NAMES) {
    const made = count(name, size, '');
    const mounted = count(name, size, 'mount');
    const lives = (/** @type {number} */ times) => Array(times).fill('mount,unmount').join();
    const young = count(name, size, lives(2));
    // Several of them, because the compiler works now and then.
    const old = count(name, size, lives(2 + LATER_LIVES));
    const mounts = [mounted - made, (old - young) / LATER_LIVES];
    if (least.length === 0) least = mounts;
    const cells = mounts.flatMap((instructions, index) => [
      (instructions / 1e6).toFixed(1),
      `${(instructions / (least[index] ?? Number.NaN)).toFixed(3)}×`,
    ]);
    process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
    const isOver = mounts.some((mount, index) => !(mount / (least[index] ?? 0) <= BUDGET));
    if (name === 'react-appconfig' && isOver) over.push(size.components);
  }
}
for (const components of over)
  process.stdout.write(`over budget: ${components} hooks, ${BUDGET}× the floor\n`);
rmSync(bundle, { recursive: true });
