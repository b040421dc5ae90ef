// Takes a picture of every story and of the emulator's control page, in light and in dark, as built:
//   npm run screenshots             all of them, into storybook-static/screenshots
//   npm run screenshots -- --readme only the README's pictures, into storybook/pictures
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { createEmulator } from '../dist/entries/emulator.js';
import { serveEmulator } from '../dist/entries/emulatorNode.js';
import { multiVariantFlags } from '../dist/entries/emulatorVariants.js';
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

const emulator = createEmulator({ multiVariantFlags });
const shop = { application: 'shop', environment: 'production' };
const attributes = {
  'max-items': { constraints: { type: 'number', minimum: 1, maximum: 100 } },
  currency: { constraints: { type: 'string', enum: ['EUR', 'NZD'] } },
};
emulator.deploy({
  ...shop,
  profile: 'flags',
  versionLabel: 'v41',
  content: JSON.stringify({
    version: '1',
    flags: { 'new-checkout': { name: 'New checkout', attributes } },
    values: {
      'dark-mode': { enabled: true },
      'new-checkout': { enabled: true, 'max-items': 20, currency: 'EUR' },
      banner: {
        _variants: [
          {
            name: 'Kiwi',
            enabled: true,
            rule: '(and (eq $country "NZ") (split pct::50 by::$userId))',
            attributeValues: { text: 'Kia ora' },
          },
          { name: 'Default', enabled: false },
        ],
      },
    },
  }),
});
emulator.deploy({
  ...shop,
  profile: 'settings',
  content: 'title: Shop',
  contentType: 'application/x-yaml',
});
emulator.deploy({ ...shop, environment: 'test', profile: 'flags', content: {} });
const { url, close: closeEmulator } = await serveEmulator(emulator);
for (let client = 0; client < 2; client += 1) {
  const body = JSON.stringify({
    ApplicationIdentifier: shop.application,
    EnvironmentIdentifier: shop.environment,
    ConfigurationProfileIdentifier: 'flags',
  });
  const start = await fetch(`${url}/configurationsessions`, { method: 'POST', body });
  const { InitialConfigurationToken: token } = await start.json();
  await fetch(`${url}/configuration?configuration_token=${token}`);
}
const route = '/applications/shop/environments/production/configurations/flags';
await fetch(`${url}${route}?flag=banner`, { headers: { Context: 'country=NZ' } });
await fetch(`${url}${route}?flag=no-such-flag`);
emulator.inject({ kind: 'error', status: 503, times: 3 });
for (const theme of isForReadme
  ? /** @type {const} */ (['light'])
  : /** @type {const} */ (['light', 'dark'])) {
  const page = await browser.newPage({
    colorScheme: theme,
    viewport: { width: 1100, height: isForReadme ? 1040 : 800 },
  });
  await page.goto(url);
  await page.getByRole('switch', { name: 'dark-mode' }).waitFor();
  await page.waitForTimeout(300);
  const path = join(folder, isForReadme ? 'control-page.png' : `control-page.${theme}.png`);
  await page.screenshot({ path, fullPage: true });
  process.stdout.write(`${path}\n`);
}
await browser.close();
close();
await closeEmulator();
