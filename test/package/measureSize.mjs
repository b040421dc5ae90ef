// What each entry adds to a browser bundle, minified and compressed, from the built package.
// React, React DOM, react-query and the AWS SDK are left out: an app has them anyway.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'vite';

/** @type {[name: string, code: string][]} */
const ROWS = [
  [
    'react-appconfig, one flag hook',
    `export { AppConfigProvider, useFlag } from './dist/index.js'`,
  ],
  ['react-appconfig, everything', `export * from './dist/index.js'`],
  ['react-appconfig/appconfigdata', `export * from './dist/sources/appconfigdata/index.js'`],
  ['react-appconfig/session', `export * from './dist/session/index.js'`],
  ['react-appconfig/emulator', `export * from './dist/emulator/index.js'`],
];
const EXTERNAL = [/^react($|\/)/, /^react-dom/, /^@tanstack\//, /^@aws-sdk\//];

process.stdout.write('| import | minified | gzip | brotli |\n| --- | ---: | ---: | ---: |\n');
for (const [name, code] of ROWS) {
  const bundle = Buffer.from(await bundleOf(code));
  const cells = [bundle, gzipSync(bundle, { level: 9 }), brotliCompressSync(bundle)].map(
    ({ length }) => `${(length / 1_000).toFixed(1)} kB`,
  );
  process.stdout.write(`| ${name} | ${cells.join(' | ')} |\n`);
}

/**
 * @param {string} code
 * @returns {Promise<string>}
 */
async function bundleOf(code) {
  const id = `${process.cwd()}/measured.js`;
  const output = await build({
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
        external: EXTERNAL,
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  });
  const [result] = Array.isArray(output) ? output : [output];
  if (!result || !('output' in result)) throw new Error('The build has no output.');
  return result.output.map((chunk) => ('code' in chunk ? chunk.code : '')).join('');
}
