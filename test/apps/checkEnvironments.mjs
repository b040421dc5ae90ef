// Tries the package where people use it besides the apps of checkBuilt.mjs: with other bundlers, in other servers and
// other browsers, and in each way in which TypeScript finds modules, back to the oldest version that is promised.
// `npm run test:environments`, or with names: `npm run test:environments -- webpack typescript`.
import { execFile, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { findChromium } from '../support/browser.mjs';
import { findFreePort } from '../support/findFreePort.mjs';
import { findOtherBrowsers } from '../support/otherBrowser.mjs';
import { serveFolder } from '../support/serveFolder.mjs';
import { assert, checkPage, installApp, say, startBrowser, startServer } from './apps.mjs';

const SHOWN = 'The shop: up to 20 items';
/** The first is the oldest that is promised. */
const TYPESCRIPT = ['5.4', '5.9', '6.0', '7.0'];
/** What a strict page allows itself. */
const POLICY = {
  'Content-Security-Policy': "default-src 'self'; img-src 'self' data:; base-uri 'none'",
};
const STORYBOOK = ['10.6.7', '9.1.21'];
/** Those that the package's peer dependencies promise; AWS has had no older client. */
const OLDEST_PEERS = {
  react: '18.2.0',
  'react-dom': '18.2.0',
  '@tanstack/react-query': '5.62.0',
  '@aws-sdk/client-appconfigdata': '3.121.0',
};
const MODES = [
  { resolution: 'bundler', module: 'esnext', type: 'module' },
  { resolution: 'node16', module: 'node16', type: 'module' },
  { resolution: 'node16', module: 'node16', type: 'commonjs' },
  { resolution: 'node10', module: 'commonjs', type: 'commonjs' },
];

/** @type {Record<string, () => Promise<unknown>>} */
const CHECKS = {
  bundlers: checkBundlers,
  'react-native': checkReactNative,
  typescript: checkTypes,
  storybook: checkStorybook,
  devtools: checkDevtools,
  playwright: checkPlaywright,
  runtimes: checkRuntimes,
  browsers: checkBrowsers,
  nginx: () => import('./checkNginx.mjs'),
  // Last, because it waits for intervals.
  next: () => import('./checkNextTemplates.mjs'),
};
const wanted = process.argv.slice(2);
for (const [name, check] of Object.entries(CHECKS)) {
  if (wanted.length === 0 || wanted.includes(name)) await check();
}

async function checkBundlers() {
  const app = await installApp('bundlers');
  const browser = await startBrowser();
  try {
    for (const script of ['webpack', 'esbuild', 'esbuild-esm']) {
      const { stdout, stderr } = await app.run(script);
      assert(!/warning/i.test(stdout + stderr), `${script} warns: ${stdout}${stderr}`);
      const folder = join(app.folder, `dist-${script}`);
      const type = script.endsWith('-esm') ? 'module' : 'text/javascript';
      writeFileSync(
        join(folder, 'index.html'),
        `<!doctype html><html lang="en"><title>flags</title><link rel="icon" href="data:," /><div id="root"></div><script type="${type}" src="app.js"></script></html>`,
      );
      const { origin, close } = await serveFolder(folder);
      await checkPage(browser, `${origin}/index.html`, { text: SHOWN });
      close();
      const bundle = readFileSync(join(folder, 'app.js'));
      const [tool = ''] = script.split('-');
      say(
        `${tool} ${app.manifest.dependencies[tool]}, npm run ${script}: no warning, the page shows a flag, ${kilobytes(bundle.length)} (${kilobytes(gzipSync(bundle).length)} gzip, React and react-query included)`,
      );
    }
  } finally {
    await browser.close();
    app.remove();
  }
}

async function checkReactNative() {
  const app = await installApp('react-native');
  try {
    mkdirSync(join(app.folder, 'out'));
    for (const platform of ['ios', 'android']) {
      await app.run(platform);
      const { size } = statSync(join(app.folder, `out/${platform}.js`));
      say(
        `Metro ${app.manifest.dependencies.metro}, react-native ${app.manifest.dependencies['react-native']}, npm run ${platform}: ${kilobytes(size)}`,
      );
    }
    await app.run('bytecode');
    say('Hermes, npm run bytecode: the bundle compiles');
    const { stderr } = await app.run('test');
    assert(/^Tests:\s+1 passed/m.test(stderr), stderr);
    say('jest with the preset of React Native, npm test: the flag is on the screen');
  } finally {
    app.remove();
  }
}

async function checkTypes() {
  const app = await installApp('typescript');
  try {
    for (const version of TYPESCRIPT) {
      const results = [];
      for (const mode of MODES) results.push(await compile(app, version, mode));
      say(
        `TypeScript ${app.manifest.dependencies[`ts-${version}`].split('@')[1]}: ${results.join(', ')}`,
      );
    }
  } finally {
    app.remove();
  }
}

/**
 * @param {import('./apps.mjs').App} app
 * @param {string} version
 * @param {typeof MODES[number]} mode
 */
async function compile(app, version, { resolution, module, type }) {
  const name = `${resolution} (${type})`;
  const isGone = resolution === 'node10' && version === '7.0';
  if (isGone) return `${name} was removed`;
  const folder = join(app.folder, `${version}-${resolution}-${type}`);
  mkdirSync(folder);
  copyFileSync(join(app.folder, 'App.tsx'), join(folder, 'App.tsx'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        // Our declarations are what is checked.
        skipLibCheck: false,
        // A library of components exports what it makes of ours.
        declaration: true,
        emitDeclarationOnly: true,
        outDir: 'out',
        jsx: 'react-jsx',
        target: 'es2022',
        lib: [
          'es2022',
          'dom',
          'dom.iterable',
          ...(Number(version) < 5.6 ? [] : ['esnext.disposable']),
        ],
        types: ['node'],
        module,
        moduleResolution: resolution,
        ...(resolution === 'node10' && version === '6.0' && { ignoreDeprecations: '6.0' }),
      },
      files: ['App.tsx'],
    }),
  );
  const tsc = join(app.folder, `node_modules/ts-${version}/bin/tsc`);
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  } catch (error) {
    const { stdout } = /** @type {{ stdout: string }} */ (error);
    throw new Error(`TypeScript ${version}, ${name}: ${stdout}`, { cause: error });
  }
  // TypeScript 7 has no language service for JavaScript.
  if (version !== '7.0') await checkDeprecated(app, version, folder);
  return name;
}

/**
 * An editor strikes through each hook that reads a deprecated flag, and nothing else.
 * @param {import('./apps.mjs').App} app
 * @param {string} version
 * @param {string} folder
 */
async function checkDeprecated(app, version, folder) {
  const { default: ts } = await import(
    join(app.folder, `node_modules/ts-${version}/lib/typescript.js`)
  );
  const configuration = ts.getParsedCommandLineOfConfigFile(
    join(folder, 'tsconfig.json'),
    {},
    ts.sys,
  );
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => true,
    getScriptFileNames: () => configuration.fileNames,
    getScriptVersion: () => '1',
    getScriptSnapshot: (/** @type {string} */ file) =>
      ts.sys.fileExists(file) ? ts.ScriptSnapshot.fromString(ts.sys.readFile(file)) : undefined,
    getCompilationSettings: () => configuration.options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  const file = join(folder, 'App.tsx');
  const text = readFileSync(file, 'utf8');
  const struck = service
    .getSuggestionDiagnostics(file)
    .filter(
      (/** @type {{ reportsDeprecated?: boolean }} */ { reportsDeprecated }) => reportsDeprecated,
    )
    .map(
      (/** @type {{ start: number }} */ { start }) =>
        text.slice(start).match(/^\w+\W+(flag=")?[\w-]+/)?.[0],
    )
    // An unknown flag is an error, and TypeScript reports that of the first overload.
    .filter((/** @type {string} */ call) => call.endsWith('dark-mode'));
  const expected = ['useFlagEnabled', 'useFlagDetails', 'useSuspenseFlag', 'useFlag'].map(
    (hook) => `${hook}('dark-mode`,
  );
  const isRight = struck.join() === [...expected, 'Feature flag="dark-mode'].join();
  assert(isRight, `TypeScript ${version} strikes through ${struck.join()}`);
}

async function checkStorybook() {
  for (const version of STORYBOOK) {
    const app = await installApp('storybook', {
      storybook: version,
      '@storybook/react-vite': version,
    });
    const browser = await startBrowser();
    try {
      await app.run('build');
      const { origin, close } = await serveFolder(join(app.folder, 'storybook-static'));
      await clickThroughAddon(browser, `${origin}/index.html`);
      close();
      // Vite serves the addon as it is there, and React's development build reads what is a prop.
      const port = await findFreePort();
      const cli = readFileSync(join(app.folder, 'node_modules/storybook/package.json'), 'utf8');
      const { bin } = JSON.parse(cli);
      const entry = join('node_modules/storybook', typeof bin === 'string' ? bin : bin.storybook);
      const parameters = [entry, 'dev', '-p', port, '--ci', '--disable-telemetry'];
      const server = await startServer(app, parameters, { NODE_ENV: 'development' });
      try {
        await clickThroughAddon(browser, `http://localhost:${port}/`);
      } finally {
        server.stop();
      }
      say(
        `Storybook ${version}: the addon's panel, links, presets and states, clicked in dev and in build; axe finds nothing`,
      );
    } finally {
      await browser.close();
      app.remove();
    }
  }
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 */
async function clickThroughAddon(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  const story = page.frameLocator('#storybook-preview-iframe');
  const shows = (/** @type {string} */ text) =>
    story.getByText(text, { exact: true }).waitFor({ timeout: 60_000 });
  await page.goto(`${url}?path=/story/checkout--new`);
  await shows('Up to 20 items');
  await page.getByRole('tab', { name: 'Flags' }).click();
  await page.getByLabel('maxItems of new-checkout').fill('5');
  await shows('Up to 5 items');
  await page.getByRole('switch', { name: 'new-checkout' }).click();
  await shows('The old checkout');
  await page.reload();
  await shows('The old checkout');
  await page.getByRole('button', { name: 'Reset all' }).click();
  await shows('Up to 20 items');
  await page.getByRole('combobox', { name: 'Flags' }).selectOption('All off');
  await shows('The old checkout');
  await page.getByRole('radio', { name: 'loading' }).click();
  await shows('One moment');
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const violations = await page.evaluate(async () => {
    const axe = Reflect.get(globalThis, 'axe');
    const found = await axe.run('.appconfig-panel');
    return found.violations.map((/** @type {{ id: string }} */ { id }) => id);
  });
  assert(violations.length === 0, `axe finds ${violations.join(', ')} in the panel.`);
  await page.close();
}

async function checkDevtools() {
  const app = await installApp('devtools');
  const browser = await startBrowser();
  /** @param {'development' | 'production'} mode */
  const open = async (mode) => {
    await app.run(mode, { NODE_ENV: mode });
    const { origin, close } = await serveFolder(join(app.folder, `dist-${mode}`), POLICY);
    const context = await browser.newContext();
    const page = await context.newPage();
    const shows = (/** @type {string} */ text) =>
      page.getByText(text, { exact: true }).waitFor({ timeout: 30_000 });
    return { origin, close, page, shows };
  };
  try {
    const { origin, close, page, shows } = await open('development');
    await page.goto(`${origin}/index.html`);
    await shows('dark-mode is off, rendered 1');
    await page.getByRole('button', { name: 'AppConfig devtools' }).click();
    const own = page.getByRole('dialog', { name: 'AppConfig devtools' });
    const position = await own.evaluate((frame) => getComputedStyle(frame).position);
    assert(position === 'fixed', 'the tools have no style: the policy refuses it');
    await own.getByRole('switch', { name: 'dark-mode' }).click();
    await shows('dark-mode is on, rendered 2');
    await shows('winter-sale is off, rendered 1');
    await page.reload();
    await shows('dark-mode is on, rendered 1');
    // The same panel, as a plugin of TanStack Devtools.
    const plugin = page.locator('.appconfig-panel');
    await plugin.getByRole('button', { name: 'Reset dark-mode' }).click();
    await shows('dark-mode is off, rendered 2');
    await page.reload();
    await shows('dark-mode is off, rendered 1');
    await page.goto(`${origin}/index.html?appconfig.winter-sale=true`);
    await shows('winter-sale is on, rendered 1');
    close();
    say(
      'devtools, by themselves and in TanStack Devtools: an overridden flag renders its readers, is kept, and is set back; the address sets one in development',
    );
    const built = await open('production');
    await built.page.goto(`${built.origin}/index.html?appconfig.winter-sale=true`);
    await built.shows('winter-sale is off, rendered 1');
    built.close();
    say('and in a production build the address sets none');
  } finally {
    await browser.close();
    app.remove();
  }
}

async function checkPlaywright() {
  const app = await installApp('playwright');
  try {
    const { stdout } = await app.run('test', {
      CHROMIUM_PATH: await findChromium(),
      CT_PORT: await findFreePort(),
    });
    assert(stdout.includes('4 passed'), stdout);
    const { '@playwright/experimental-ct-react': version } = app.manifest.dependencies;
    say(
      `Playwright's component tests ${version}: flags at the first render, and flipped; pages get their flags from the fixture`,
    );
  } finally {
    app.remove();
  }
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

/** Servers that are not Node, with all of the package; a worker, with what a worker may use; and the oldest peers. */
async function checkRuntimes() {
  const program = (/** @type {string} */ name) => join('node_modules/.bin', name);
  await readFlagsIn({}, [
    ['Node', process.execPath, inNode('run.js')],
    ['Bun', program('bun'), ['run.js']],
    ['Deno', program('deno'), ['run', '-A', 'run.js']],
    ['workerd', process.execPath, inNode('runWorker.js')],
  ]);
  await readFlagsIn(OLDEST_PEERS, [
    [
      `Node, ${Object.entries(OLDEST_PEERS)
        .map((peer) => peer.join(' '))
        .join(', ')}`,
      process.execPath,
      inNode('run.js'),
    ],
  ]);
}

/**
 * @param {Record<string, string>} versions
 * @param {readonly [name: string, program: string, parameters: string[]][]} runtimes
 */
async function readFlagsIn(versions, runtimes) {
  const app = await installApp('runtimes', versions);
  const expected = '9 {"checkout":{"enabled":true,"max":9}} 304 <p>9</p>';
  try {
    for (const [name, program, parameters] of runtimes) {
      const { stdout } = await promisify(execFile)(program, parameters, { cwd: app.folder });
      const ways = Object.entries(JSON.parse(stdout));
      for (const [way, seen] of ways) assert(seen === expected, `${name}, ${way}: ${seen}`);
      say(`${name}: flags are read, served and rendered through ${ways.length} sources`);
    }
    await promisify(execFile)(process.execPath, inNode('runDropping.js'), { cwd: app.folder });
    say('workerd: a poll that was dropped with its request is not the last one, in any way to ask');
  } finally {
    app.remove();
  }
}

/** The tests of the browser and the stories, in the browsers of this machine that are not Chromium. */
async function checkBrowsers() {
  const found = findOtherBrowsers();
  if (found.length === 0) say('Neither Firefox nor WebKit is installed: see otherBrowser.mjs.');
  for (const name of found) {
    const parameters = ['run', '--project', 'browser', '--project', 'stories'];
    const { status } = spawnSync('npx', ['vitest', ...parameters], {
      env: { ...process.env, TEST_BROWSER: name },
      stdio: 'inherit',
    });
    assert(status === 0, `${name} ended with ${status}`);
    const { numPassedTests } = JSON.parse(readFileSync('node_modules/.cache/tests.json', 'utf8'));
    say(`${name}: ${numPassedTests} tests and stories pass`);
  }
}

/** @param {string} script */
function inNode(script) {
  return ['--no-warnings', script];
}
