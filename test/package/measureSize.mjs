// What each entry adds to a browser bundle, minified and compressed, from the built package.
// React, React DOM, react-query and the AWS SDK are left out: an app has them anyway. The last column has react-query in.
//   npm run size             this package beside its peers
//   node test/package/measureSize.mjs   this package alone; fails when an entry is over its budget
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bench = fileURLToPath(new URL('../bench', import.meta.url));

/** @typedef {{ name: string, code: string, gzipBudget?: number, isBesideHook?: boolean }} Row */

/** @type {Row[]} */
const OURS = [
  {
    name: 'react-appconfig, one flag hook',
    code: `export { AppConfigProvider, useFlag } from './dist/entries/index.js'`,
    // The goal is 8,000. It may only fall from here.
    gzipBudget: 10_950,
  },
  {
    name: 'react-appconfig, everything',
    code: `export * from './dist/entries/index.js'`,
    gzipBudget: 13_450,
  },
  {
    name: 'react-appconfig/agent, added to it',
    code: `export { agentSource } from './dist/entries/agentInBrowser.js'`,
    isBesideHook: true,
    gzipBudget: 1_330,
  },
  {
    name: 'react-appconfig/appconfigdata, added to it',
    code: `export * from './dist/entries/appconfigdataInBrowser.js'`,
    isBesideHook: true,
    gzipBudget: 1_100,
  },
  {
    name: 'react-appconfig/openfeature, added to it',
    code: `export * from './dist/entries/openfeature.js'`,
    isBesideHook: true,
    gzipBudget: 1_500,
  },
  {
    name: 'react-appconfig/session',
    code: `export * from './dist/entries/session.js'`,
    gzipBudget: 2_850,
  },
  {
    name: 'react-appconfig/persistence, added to it',
    code: `export * from './dist/entries/persistence.js'`,
    isBesideHook: true,
    gzipBudget: 700,
  },
  {
    name: 'react-appconfig/emulator',
    code: `export * from './dist/entries/emulator.js'`,
    gzipBudget: 12_500,
  },
  {
    name: 'react-appconfig/emulator/variants',
    code: `export * from './dist/entries/emulatorVariants.js'`,
  },
];

/** As each peer's documentation begins: its provider and the hook that reads one flag. */
/** @type {Row[]} */
const PEERS = [
  {
    name: 'LaunchDarkly',
    code: `export { createLDReactProvider, useBoolVariation } from '@launchdarkly/react-sdk'`,
  },
  {
    name: 'OpenFeature, without a provider of flags',
    code: `export { OpenFeature, OpenFeatureProvider, useBooleanFlagValue } from '@openfeature/react-sdk'`,
  },
  {
    name: 'Unleash',
    code: `export { FlagProvider, useFlag } from '@unleash/proxy-client-react'`,
  },
  {
    name: 'GrowthBook',
    code: `export { GrowthBook, GrowthBookProvider, useFeatureIsOn } from '@growthbook/growthbook-react'`,
  },
  {
    name: 'Statsig',
    code: `export { StatsigProvider, useFeatureGate } from '@statsig/react-bindings'`,
  },
  {
    name: 'ConfigCat',
    code: `export { ConfigCatProvider, useFeatureFlag } from 'configcat-react'`,
  },
];
const QUERY = /^@tanstack\//;
const EXTERNAL = [/^react($|\/)/, /^react-dom/, QUERY, /^@aws-sdk\//];
/** It is a peer of ours, and a peer’s own. */
const OPENFEATURE = /^@openfeature\//;

process.stdout.write(
  '| import | minified | gzip | brotli | gzip, with react-query |\n| --- | ---: | ---: | ---: | ---: |\n',
);
const isWithPeers = process.argv.includes('--peers');
const overBudget = [];
const [hook] = OURS;
for (const row of OURS) {
  const gzip = await measure(row, root, row.isBesideHook ? hook : undefined);
  if (gzip > (row.gzipBudget ?? Infinity)) overBudget.push(row);
}
if (isWithPeers) for (const row of PEERS) await measure(row, bench);
for (const { name, gzipBudget } of overBudget) {
  process.stdout.write(`over its budget of ${gzipBudget} bytes with gzip: ${name}\n`);
}
const foreign = findForeign(await bundleOf(`export * from './dist/entries/index.js'`, root));
if (foreign.length > 0) process.stdout.write(`unwanted in production: ${foreign.join(', ')}\n`);
process.exitCode = overBudget.length + foreign.length > 0 ? 1 : 0;

/**
 * What must not be in an app that imports only react-appconfig: code for the URL, storage, panels.
 *
 * @param {string} code
 */
function findForeign(code) {
  return [
    'URLSearchParams',
    'localStorage',
    'document.cookie',
    'appconfig-panel',
    'devtools',
  ].filter((word) => code.includes(word));
}

/**
 * @param {Row} row
 * @param {string} folder where its imports are resolved from
 * @param {Row} [beside] what is in the bundle anyway
 * @returns {Promise<number>} bytes with gzip
 */
async function measure({ name, code }, folder, beside) {
  const there = beside ? await sizesOf(beside.code, folder) : [];
  const whole = await sizesOf(beside ? `${beside.code};${code}` : code, folder);
  const sizes = whole.map((bytes, index) => bytes - (there[index] ?? 0));
  const inAll = beside ? undefined : gzipSync(await bundleOf(code, folder, true), { level: 9 });
  const cells = [...sizes, inAll?.length].map((bytes) =>
    bytes === undefined ? '' : `${(bytes / 1_000).toFixed(2)} kB`,
  );
  process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
  return sizes[1] ?? Number.NaN;
}

/**
 * @param {string} code
 * @param {string} folder
 * @returns {Promise<number[]>} minified, with gzip, with brotli
 */
async function sizesOf(code, folder) {
  const bundle = Buffer.from(await bundleOf(code, folder));
  return [bundle, gzipSync(bundle, { level: 9 }), brotliCompressSync(bundle)].map(
    ({ length }) => length,
  );
}

/**
 * @param {string} code
 * @param {string} folder
 * @param {boolean} [isWithQuery] whether react-query is in, as in an app that has no other use for it
 * @returns {Promise<string>}
 */
async function bundleOf(code, folder, isWithQuery = false) {
  const external = isWithQuery ? EXTERNAL.filter((name) => name !== QUERY) : EXTERNAL;
  const id = `${folder}/measured.js`;
  const output = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'measured',
        resolveId: (source) => (source === id ? id : undefined),
        load: (source) => (source === id ? code : undefined),
      },
    ],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      rollupOptions: {
        input: id,
        external: folder === root ? [...external, OPENFEATURE] : external,
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (!result || !('output' in result)) throw new Error('The build has no output.');
  return result.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('');
}
