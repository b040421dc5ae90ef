// Packs the package, installs it into an empty app, and checks it as its user would: every entry
// imports in Node, types resolve, the app builds, and the built page shows a flag in a browser.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';

const APP_DEPENDENCIES = [
  '@aws-sdk/client-appconfigdata',
  '@openfeature/core',
  '@openfeature/web-sdk',
  '@tanstack/react-query',
  '@types/react',
  '@types/react-dom',
  'react',
  'react-dom',
  'typescript',
  'vite',
];

const ADDON = ['storybook', 'storybook/manager', 'storybook/preset', 'storybook/preview'];

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
/** @param {string} message */
const say = (message) => process.stdout.write(`${message}\n`);

const manifest = readJson('package.json');
const folder = mkdtempSync(join(tmpdir(), 'react-appconfig-package-'));
/**
 * @param {string} command
 * @param {string[]} parameters
 */
const runInApp = (command, parameters) =>
  execFileSync(command, parameters, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });

try {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      encoding: 'utf8',
    }),
  );
  const archive = join(folder, packed.filename);
  say(`packed: ${packed.entryCount} files, ${Math.round(packed.size / 1_000)} kB`);
  execFileSync('npx', ['publint', 'run', archive, '--strict'], { stdio: 'inherit' });
  execFileSync('npx', ['attw', archive, '--quiet', '--exclude-entrypoints', ...ADDON], {
    stdio: 'inherit',
  });

  cpSync('test/package/app', folder, { recursive: true });
  const dependencies = Object.fromEntries(
    APP_DEPENDENCIES.map((name) => [name, manifest.devDependencies[name]]),
  );
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { ...dependencies, [manifest.name]: `file:${archive}` },
    }),
  );
  runInApp('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);

  // Storybook's addon has ES modules alone, which only Storybook can load; what is for Next needs Next.
  const entries = Object.keys(manifest.exports)
    .filter((entry) => 'import' in Object(manifest.exports[entry]) && entry !== './next')
    .map((entry) => `${manifest.name}${entry.slice(1)}`);
  for (const entry of entries) {
    const imported = runInApp('node', [
      '--no-warnings',
      '--input-type=module',
      '-e',
      `console.log(Object.keys(await import('${entry}')).join(', '))`,
    ]);
    const required = runInApp('node', [
      '--no-warnings',
      '--input-type=commonjs',
      '-e',
      `console.log(Object.keys(require('${entry}')).toSorted().join(', '))`,
    ]);
    if (imported !== required) throw new Error(`require('${entry}') has ${required}`);
    say(`imports and requires: ${entry}: ${imported.trim()}`);
  }
  const CALL = `import('${manifest.name}/server').then(({ createAppConfigServer }) => createAppConfigServer({})).catch(({ message }) => console.log(message))`;
  for (const { condition, told } of [
    { condition: 'browser', told: /is for servers.*agentSource/ },
    { condition: 'worker', told: /source must be/ },
  ]) {
    const conditions = ['--conditions=browser', `--conditions=${condition}`];
    const message = runInApp('node', [...conditions, '-e', CALL]);
    if (!told.test(message)) throw new Error(`${condition}: ${message}`);
  }
  say('a page that imports what is for servers is told so, and a Worker is none');
  const shown = runInApp('node', ['--no-warnings', 'twoCopies.mjs']).trim();
  if (shown !== '<p>true</p>') throw new Error(`Two copies show ${shown}`);
  say('works: hooks of the CommonJS build below a provider of the ES modules');
  await checkCommand();
  runInApp('npx', ['tsc', '-p', '.']);
  say('types: resolved, and checked against a registered flag');
  runInApp('npx', ['vite', 'build', '--logLevel', 'error']);
  say('builds: the app, with Vite');

  const hook = readFileSync(
    join(folder, 'node_modules', manifest.name, 'dist/react/hooks/useFlag.js'),
    'utf8',
  );
  if (!/^['"]use client['"]/.test(hook)) throw new Error('The hooks lost their "use client".');

  const server = await preview({
    root: folder,
    preview: { port: 0, host: '127.0.0.1' },
    logLevel: 'error',
  });
  const browser = await chromium.launch({
    executablePath: await findChromium(),
    args: CHROMIUM_ARGUMENTS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    const answer = await page.locator('#answer').textContent();
    if (answer !== '20 and 20') throw new Error(`The page shows "${answer}".`);
    say('runs: the built page shows a flag and its attribute in Chromium');
  } finally {
    await browser.close();
    await server.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Runs the package's command as it was installed, and asks it for flags and for its page. */
async function checkCommand() {
  const child = spawn(
    join(folder, 'node_modules/.bin', manifest.name),
    ['emulate', '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    let output = '';
    for await (const chunk of child.stdout) {
      output += chunk;
      if (output.includes('curl')) break;
    }
    const url = /http:\/\/[\w.:]+/.exec(output)?.[0];
    const page = await (await fetch(`${url}/`)).text();
    const script = /src="\.?(\/assets\/[^"]+\.js)"/.exec(page)?.[1];
    const { ok } = await fetch(`${url}${script}`);
    const flags = await fetch(`${url}/applications/demo/environments/local/configurations/flags`);
    if (!ok || !flags.ok) throw new Error(`The command serves no page or no flags: ${output}`);
    say(`runs: ${manifest.name} emulate, with its control page`);
  } finally {
    child.kill();
  }
}
