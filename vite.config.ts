import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };
import { commonjsTypes } from './test/package/commonjsTypes.mjs';
import { CHROMIUM_ARGUMENTS, findChromium } from './test/support/browser.mjs';
import { otherBrowserProvider } from './test/support/otherBrowser.mjs';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The published imports are listed once, in the package's `exports`. */
const targets = Object.values(packageJson.exports).filter((target) => typeof target !== 'string');
const imported = targets.flatMap((target) => ('import' in target ? [target.import.default] : []));
const entries = imported
  .concat(targets.flatMap((target) => ('browser' in target ? [target.browser.import] : [])))
  .map((file) => file.replace('./dist/', 'src/').replace('.js', '.ts'));
/** Built only as ES modules: Storybook itself has nothing else. */
const addonEntries = ['index.ts', 'manager.tsx', 'preset.ts', 'preview.tsx'].map(
  (file) => `src/storybook-addon/${file}`,
);

const installed = '**/node_modules/**';
const browserTests = ['test/**/*.browser.test.{ts,tsx}'];
/** Tests of the built command and its page, and one that takes long; all others import the sources. */
const builtTests = [
  'test/cli/**/*.test.ts',
  ...['awsClients', 'controlPage', 'emulateCommand', 'shares'].map(
    (name) => `test/emulator/${name}.test.ts`,
  ),
];
const hookTests = [
  'test/{client,devtools,openfeature,overrides,persistence,react,testing}/**/*.test.tsx',
];
const protocol = 'test/support/strictProtocol.ts';
const hooks = {
  environment: 'jsdom',
  setupFiles: [protocol, 'test/support/reactCleanup.ts', 'test/support/realTimers.ts'],
  include: hookTests,
  exclude: [installed, ...browserTests],
};

/** What a bundler reads. People read the declarations, and the sources where they are kept. */
const COMMENTS = { legal: false, jsdoc: false, annotation: true };

/** The folder that a module is in, as the name of a file. */
const roomOf = (id: string) => dirname(relative(fromHere('./src'), id)).replaceAll('/', '-');

/** What npm installs beside the package is never a part of it. */
const external = [
  ...Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }).map(
    (name) => new RegExp(`^${name}($|/)`),
  ),
  /^node:/,
  // The addon imports the package by its name.
  /^react-appconfig\//,
];

/** The same for `require`, as jest does it: `vite build --mode commonjs`. */
const commonjs: ViteUserConfig = {
  plugins: [
    react(),
    {
      name: 'commonjs-package',
      enforce: 'pre',
      // CommonJS lies in one folder, shares the one control page and the declarations, and has no import.meta.
      transform: (code, id) =>
        id.endsWith('/emulator/node/control.ts')
          ? code
              .replace("'../../control/'", "'../control/'")
              .replace('import.meta.url', "require('node:url').pathToFileURL(__filename)")
          : undefined,
      generateBundle() {
        this.emitFile({
          type: 'asset',
          fileName: 'package.json',
          source: '{ "type": "commonjs" }',
        });
        for (const entry of entries) {
          const name = basename(entry, '.ts');
          const source = commonjsTypes(entry, `../entries/${name}.js`);
          this.emitFile({ type: 'asset', fileName: `${name}.d.ts`, source });
        }
      },
    },
  ],
  build: {
    outDir: fromHere('./dist/cjs'),
    lib: { entry: entries, formats: ['cjs'] },
    target: 'es2022',
    minify: false,
    rollupOptions: {
      external,
      // What the option below asks for; entries only hand on, so that none is extended.
      preserveEntrySignatures: 'allow-extension',
      output: {
        comments: COMMENTS,
        entryFileNames: '[name].js',
        chunkFileNames: 'rooms/[name].js',
        // One file a room: only those of `react` are for the browser alone.
        codeSplitting: {
          // A room is its own files, and not what they import.
          includeDependenciesRecursively: false,
          groups: [{ name: roomOf, debugName: 'rooms', test: /\/src\/(?!entries\/)/ }],
        },
        banner: ({ name }) => (name.startsWith('react') ? "'use client';" : ''),
        // jest's modules cannot import.
        dynamicImportInCjs: false,
      },
    },
  },
};

/** The emulator's control page, built beside the library: `vite build --mode control`. */
const controlPage: ViteUserConfig = {
  root: 'src/control',
  base: './',
  plugins: [
    react(),
    {
      name: 'compressed-page',
      enforce: 'post',
      // As it is sent: uncompressed, the page would be a quarter of the package.
      generateBundle(_, bundle) {
        for (const [name, file] of Object.entries(bundle)) {
          delete bundle[name];
          const source = gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 });
          this.emitFile({ type: 'asset', fileName: `${name}.gz`, source });
        }
      },
    },
  ],
  build: { outDir: fromHere('./dist/control'), emptyOutDir: true, target: 'es2022' },
};

export default defineConfig(async ({ mode }): Promise<ViteUserConfig> => {
  if (mode === 'control') return controlPage;
  if (mode === 'commonjs') return commonjs;
  const other = process.env['TEST_BROWSER'];
  const executablePath = process.env['VITEST'] && !other ? await findChromium() : '';
  const browserNamed = (name: string) => ({
    enabled: true,
    headless: true,
    screenshotFailures: false,
    instances: [{ browser: 'chromium' as const, name }],
    provider: other
      ? otherBrowserProvider(other)
      : playwright({ launchOptions: { executablePath, args: CHROMIUM_ARGUMENTS } }),
  });
  return {
    plugins: [react()],
    // Every dependency is known beforehand, so that no test run reloads its page to prepare one.
    optimizeDeps: {
      include: ['react/jsx-dev-runtime', 'react-dom/client', '@testing-library/react'],
    },
    build: {
      lib: {
        entry: [...entries, ...addonEntries, 'src/cli/index.ts'],
        formats: ['es'],
      },
      target: 'es2022',
      minify: false,
      rollupOptions: {
        external,
        output: { comments: COMMENTS, preserveModules: true, preserveModulesRoot: 'src' },
      },
    },
    test: {
      // Against a test that hangs, not against a machine that is slow.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      globalSetup: 'test/support/protocolReport.ts',
      reporters: ['default', 'json'],
      outputFile: { json: 'node_modules/.cache/tests.json' },
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            environment: 'node',
            setupFiles: [protocol],
            include: ['test/**/*.test.ts', 'test/server/**/*.test.tsx'],
            exclude: [installed, 'test/apps/**', ...browserTests, ...builtTests],
          },
        },
        {
          extends: true,
          test: {
            name: 'built',
            environment: 'node',
            setupFiles: [protocol],
            include: builtTests,
          },
        },
        {
          extends: true,
          test: { ...hooks, name: 'react-19', env: { REACT_MAJOR: '19' } },
        },
        {
          extends: true,
          resolve: {
            alias: [
              // Its ES modules, because only those go through the alias below.
              {
                find: '@testing-library/react',
                replacement: fromHere(
                  './node_modules/@testing-library/react/dist/@testing-library/react.esm.js',
                ),
              },
              {
                find: /^(react|react-dom)(\/.*)?$/,
                replacement: fromHere('./test/react-18/node_modules/$1$2'),
              },
            ],
          },
          test: {
            ...hooks,
            name: 'react-18',
            env: { REACT_MAJOR: '18' },
            server: {
              deps: {
                inline: [
                  /@testing-library\/react/,
                  /@tanstack\/react-query/,
                  /@openfeature\/react-sdk/,
                ],
              },
            },
          },
        },
        {
          extends: true,
          // A sandboxed frame imports our modules too, from an origin of its own.
          server: { cors: true },
          test: {
            name: 'browser',
            globalSetup: 'test/support/emulatorServer.ts',
            include: browserTests,
            // Measures the heap, as Chromium alone lets a page do.
            exclude: [installed, ...(other ? ['**/simulatedDay.*'] : [])],
            browser: browserNamed(other ?? 'chromium'),
          },
        },
        {
          extends: true,
          plugins: [storybookTest({ configDir: fromHere('./storybook') })],
          test: {
            name: 'stories',
            browser: browserNamed(`stories in ${other ?? 'chromium'}`),
          },
        },
      ],
    },
  };
});
