// Takes a picture of every story, in light and in dark, from a built Storybook:
//   npm run screenshots             all of them, into storybook-static/screenshots
//   npm run screenshots -- --readme only the README's picture, into storybook/pictures
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGUMENTS, findChromium } from '../test/support/browser.mjs';
import { serveFolder } from '../test/support/serveFolder.mjs';

const STATIC_FOLDER = 'storybook-static';
const README_STORY = 'performance-thirty-flags--thirty-flags';
/** Long enough for a first answer and an unchanged poll of every story. */
const WATCHED_MS = 5_000;

const isForReadme = process.argv.includes('--readme');
const folder = isForReadme ? 'storybook/pictures' : join(STATIC_FOLDER, 'screenshots');
await mkdir(folder, { recursive: true });

const { origin, close } = await serveFolder(STATIC_FOLDER);
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
close();
