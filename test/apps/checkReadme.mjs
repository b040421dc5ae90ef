// Compiles, builds and runs each block of code of the README as it stands there, on the packed package.
// `npm run test:apps` runs it, after `npm run build`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveFolder } from '../support/serveFolder.mjs';
import { assert, installApp, say, startBrowser } from './apps.mjs';

const MAX_LINES = 150;
/** Where each block of the README belongs, in its order. */
const FILES = ['App.tsx', 'AppWithAws.tsx', 'checkout.test.tsx', 'server.ts'];

const readme = readFileSync('README.md', 'utf8');
const lines = readme.trimEnd().split('\n').length;
assert(lines <= MAX_LINES, `The README has ${lines} lines; ${MAX_LINES} are enough.`);
const blocks = [...readme.matchAll(/```tsx?\n([\s\S]*?)```/g)].map(([, code = '']) => code);
assert(blocks.length === FILES.length, `The README has ${blocks.length} blocks of code.`);

const app = await installApp('readme');
const browser = await startBrowser();
try {
  for (const [index, file] of FILES.entries()) {
    writeFileSync(join(app.folder, 'src', file), blocks[index] ?? '');
  }
  const { stdout } = await app.run('check');
  assert(/Tests.*2 passed/.test(stdout), stdout);
  const { origin, close } = await serveFolder(join(app.folder, 'dist'));
  const page = await browser.newPage();
  /** @type {string[]} */
  const noise = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  await page.goto(origin);
  await page.getByRole('button', { name: 'dark' }).click();
  await page.getByRole('button', { name: 'light' }).waitFor();
  assert(noise.length === 0, `The first block wrote to the console: ${noise.join('\n')}`);
  await page.goto(`${origin}/aws.html`);
  await page.getByText('One moment…').waitFor();
  close();
  say(`README: ${lines} lines, ${FILES.length} blocks compiled, built and run`);
} finally {
  await browser.close();
  app.remove();
}
