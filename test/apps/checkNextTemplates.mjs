// Follows the README and the guide in the apps that Next's own tool makes today: their blocks, to the letter, with the
// defaults of each template, and then a second and a third deployment, which HTML and page must show. Takes some ten
// minutes, because nothing of the intervals is changed: `npm run test:environments -- next`.
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createEmulator } from '../../dist/entries/emulator.js';
import { serveEmulator } from '../../dist/entries/emulatorNode.js';
import {
  assert,
  NAME,
  packPackage,
  readHtml,
  ROUTE,
  say,
  startBrowser,
  startServer,
} from './apps.mjs';

/** Where agentSource() looks for the Agent, as the README has it. */
const AGENT_PORT = 2_772;
/** An interval of the server, one of the page, and the jitter of both. */
const PATIENCE_MS = 150_000;
const TEMPLATES = [
  {
    version: '14.2.35',
    options: [
      '--ts',
      '--app',
      '--no-eslint',
      '--no-tailwind',
      '--no-src-dir',
      '--import-alias=@/*',
    ],
  },
  { version: '15.5.28', options: ['--yes'] },
  { version: '16.4.3', options: ['--yes'] },
];
/** Needs no fonts of another host. Nothing else of a template is changed. */
const LAYOUT = `import type { ReactNode } from 'react';

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <head>
        <link rel="icon" href="data:," />
      </head>
      <body>{children}</body>
    </html>
  );
}
`;
/** A page that reads what it is told to with the framework's cache, and that must not keep everybody's flags old. */
const CACHING_PAGE = `import { getFlag } from '../appConfig';

export const fetchCache = 'default-cache';

export default async function Page() {
  const { enabled } = await getFlag('new-checkout');
  return <p>{enabled ? 'The new checkout' : 'The old checkout'}</p>;
}
`;
/** Of the commands that npm links, too, which else would belong to the folder that was copied. */
const AS_IT_IS = { recursive: true, verbatimSymlinks: true };
const ANY_BLOCK = /```ts\n([\s\S]*?)```/g;
const BLOCK = /```tsx?\n(\/\/ (app\/\S+)\n[\s\S]*?)```/g;
const OLD = 'The old checkout';
const NEW = 'The new checkout';

/** The README's module, imported as it says for Next, and the blocks of the guide that say which file they are. */
function readBlocks() {
  const read = (/** @type {string} */ file) => readFileSync(file, 'utf8');
  const [, module = ''] =
    Array.from(read('README.md').matchAll(ANY_BLOCK)).find(([, text]) =>
      text?.includes("'react-appconfig/server'"),
    ) ?? [];
  const block = module.replace('react-appconfig/server', 'react-appconfig/next');
  assert(block !== module, 'The README has no module for servers.');
  return Array.from(read('storybook/guide/Servers.mdx').matchAll(BLOCK))
    .map(([, text = '', file = '']) => ({ file, block: text }))
    .concat({ file: 'app/appConfig.ts', block });
}

/** @param {string} folder @param {string} file @param {string} text */
function write(folder, file, text) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const root = mkdtempSync(join(tmpdir(), 'react-appconfig-next-'));
const run = (
  /** @type {string} */ cwd,
  /** @type {string} */ command,
  /** @type {string[]} */ parameters,
) =>
  promisify(execFile)(command, parameters, {
    cwd,
    env: { ...process.env, CI: '1', NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined },
    maxBuffer: 2 ** 26,
  });

/**
 * Makes an app of a template, as its user would.
 * @param {typeof TEMPLATES[number]} template
 */
async function createApp({ version, options }) {
  const name = `next-${version.split('.')[0]}`;
  await run(root, 'npx', ['--yes', `create-next-app@${version}`, name, '--use-npm', ...options]);
  const folder = join(root, name);
  await run(folder, 'npm', ['install', '--no-audit', '--no-fund', packed, '@tanstack/react-query']);
  write(folder, 'app/layout.tsx', LAYOUT);
  for (const { file, block } of readBlocks()) write(folder, file, block);
  return { name: `Next ${version}`, folder };
}

/** @param {boolean} enabled */
const deploy = (enabled) =>
  emulator.deploy({
    ...NAME,
    content: {
      'new-checkout': { enabled },
      'dark-mode': { enabled: true },
      secret: { enabled: true },
    },
  });

/**
 * @param {() => Promise<boolean>} isTrue
 * @param {string} what
 */
async function until(isTrue, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await isTrue())) {
    assert(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000);
    });
  }
}

const emulator = createEmulator();
const packed = packPackage(root);
deploy(false);
const agent = await serveEmulator(emulator, { port: AGENT_PORT });
const browser = await startBrowser();
/** @type {{ stop(): void }[]} */
const servers = [];
try {
  const apps = [];
  for (const template of TEMPLATES) apps.push(await createApp(template));
  const newest = apps.at(-1) ?? { folder: '' };
  // The same app with the other default of its version, and with addresses that end with a slash.
  const plain = { name: 'Next 16.4.3, cacheComponents off', folder: join(root, 'plain') };
  cpSync(newest.folder, plain.folder, AS_IT_IS);
  write(
    plain.folder,
    'next.config.ts',
    "import type { NextConfig } from 'next';\n\nconst config: NextConfig = { trailingSlash: true };\n\nexport default config;\n",
  );
  write(plain.folder, 'app/cached/page.tsx', CACHING_PAGE);
  apps.push(plain);

  /** @type {{ name: string, origin: string, log: () => string, pages: string[] }[]} */
  const running = [];
  for (const { name, folder } of apps) {
    const pages = folder === plain.folder ? ['/', '/hydrated', '/cached'] : ['/', '/hydrated'];
    const app = { name, folder };
    const next = (/** @type {string} */ command) => [
      'node_modules/next/dist/bin/next',
      command,
      '-p',
      '0',
      '-H',
      '127.0.0.1',
    ];
    await run(folder, 'npx', ['next', 'build']);
    const production = await startServer(app, next('start'), {}, /Ready/);
    servers.push(production);
    running.push({ name: `${name}, built`, pages, ...production });
    say(`${name}: the blocks build`);
    const copy = join(root, `dev-${servers.length}`);
    cpSync(folder, copy, AS_IT_IS);
    rmSync(join(copy, '.next'), { recursive: true });
    const development = await startServer(
      { name, folder: copy },
      next('dev'),
      { NODE_ENV: 'development' },
      /Ready/,
    );
    servers.push(development);
    running.push({ name: `${name}, in development`, pages, ...development });
  }

  const open = await Promise.all(
    running.map(async ({ name, origin }) => {
      const page = await browser.newPage();
      /** @type {string[]} */
      const noise = [];
      page.on('pageerror', (error) => noise.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) noise.push(message.text());
      });
      await page.goto(`${origin}/hydrated`, { timeout: PATIENCE_MS });
      return { name, page, noise };
    }),
  );
  for (const [version, enabled] of [false, true, false].entries()) {
    deploy(enabled);
    const [shown, hidden] = enabled ? [NEW, OLD] : [OLD, NEW];
    await Promise.all([
      ...running.flatMap(({ name, origin, pages }) =>
        pages.map((path) =>
          until(
            async () => {
              const html = await readHtml(origin + path);
              assert(!html.includes('secret'), `${name} shows a secret`);
              return html.includes(shown) && !html.includes(hidden);
            },
            `${name}: ${shown} in the HTML of ${path}, deployment ${version + 1}`,
          ),
        ),
      ),
      ...open.map(({ name, page }) =>
        until(
          () => page.getByText(shown, { exact: true }).isVisible(),
          `${name}: ${shown} in the page, deployment ${version + 1}`,
        ),
      ),
      ...running.map(({ name, origin }) =>
        until(
          async () => {
            const answer = await fetch(`${origin}/flags${ROUTE}`);
            const flags = answer.ok ? await answer.json() : {};
            return flags['new-checkout']?.enabled === enabled && !('secret' in flags);
          },
          `${name}: the handler answers deployment ${version + 1}`,
        ),
      ),
    ]);
    say(`deployment ${version + 1}: in the HTML and in the page of ${running.length} servers`);
  }
  for (const { name, noise } of open) assert(noise.length === 0, `${name}: ${noise.join('\n')}`);
  for (const { name, log } of running) assert(!log().includes('⨯'), `${name}:\n${log()}`);
} finally {
  for (const server of servers) server.stop();
  await browser.close();
  await agent.close();
  rmSync(root, { recursive: true, force: true });
}
