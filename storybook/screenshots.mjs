// Takes a picture of every story, in light and in dark, from a built Storybook:
//   npm run screenshots             all of them, into storybook-static/screenshots
//   npm run screenshots -- --readme only the README's picture, into storybook/pictures
import { createServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGUMENTS, findChromium } from '../test/support/browser.mjs';

const STATIC_FOLDER = 'storybook-static';
const README_STORY = 'performance-thirty-flags--thirty-flags';
/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
/** Long enough for a first answer and an unchanged poll of every story. */
const WATCHED_MS = 5_000;

const isForReadme = process.argv.includes('--readme');
const folder = isForReadme ? 'storybook/pictures' : join(STATIC_FOLDER, 'screenshots');
await mkdir(folder, { recursive: true });

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  try {
    const body = await readFile(
      join(STATIC_FOLDER, normalize(pathname === '/' ? '/index.html' : pathname)),
    );
    response.writeHead(200, {
      'Content-Type': MEDIA_TYPES[extname(pathname)] ?? 'application/octet-stream',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(undefined));
});
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
/** @type {{ entries: Record<string, { type: string, id: string, tags: string[] }> }} */
const { entries } = JSON.parse(await readFile(join(STATIC_FOLDER, 'index.json'), 'utf8'));
const stories = Object.values(entries).filter(
  ({ type, id, tags }) =>
    type === 'story' && tags.includes('dev') && (!isForReadme || id === README_STORY),
);

const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_ARGUMENTS,
});
const shots = stories.flatMap(({ id }) =>
  (isForReadme ? ['light'] : ['light', 'dark']).map((theme) => ({ id, theme })),
);
await Promise.all(
  shots.map(async ({ id, theme }) => {
    const page = await browser.newPage({
      viewport: { width: isForReadme ? 1040 : 1180, height: isForReadme ? 660 : 800 },
    });
    page.on('console', (message) => {
      if (message.type() === 'error')
        process.stdout.write(`${id}: console error: ${message.text()}\n`);
    });
    page.on('pageerror', (error) => process.stdout.write(`${id}: ${error}\n`));
    await page.goto(`${origin}/iframe.html?id=${id}&viewMode=story&globals=theme:${theme}`);
    await page.waitForTimeout(WATCHED_MS);
    if (isForReadme) {
      await page.getByRole('switch', { name: 'beta-search' }).click();
      await page.getByTestId('tile beta-search').getByText('2 renders').waitFor();
    }
    const path = join(folder, isForReadme ? 'thirty-flags.png' : `${id}.${theme}.png`);
    await page.screenshot({ path, fullPage: !isForReadme });
    process.stdout.write(`${path}\n`);
  }),
);
await browser.close();
server.close();
