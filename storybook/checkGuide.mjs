// Opens each page of the built guide in light and dark, on a phone and on a desktop: nothing is cut, axe finds nothing,
// no link is dead. `npm run check:guide`, or with a folder to keep pictures in: `npm run check:guide -- pictures`.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { CHROMIUM_ARGUMENTS, findChromium } from '../test/support/browser.mjs';
import { serveFolder } from '../test/support/serveFolder.mjs';

const STATIC = 'storybook-static';
const WIDTHS = [390, 1_440];
const [pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { entries } = JSON.parse(readFileSync(join(STATIC, 'index.json'), 'utf8'));
/** @type {{ id: string, type: string }[]} */
const pages = Object.values(entries).filter(({ type }) => type === 'docs');
/** @type {string[]} */
const problems = [];
if (pictures) mkdirSync(pictures, { recursive: true });

const { origin, close } = await serveFolder(STATIC);
const browser = await chromium.launch({
  executablePath: await findChromium(),
  args: CHROMIUM_ARGUMENTS,
});
for (const { id } of pages) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const width of WIDTHS) {
      const where = `${id}, ${colorScheme}, ${width} px`;
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
      page.on('pageerror', (error) => problems.push(`${where}: ${String(error)}`));
      await page.goto(`${origin}/iframe.html?viewMode=docs&id=${id}`);
      await page.locator('.sbdocs-content h1').first().waitFor();
      await page.waitForTimeout(300);
      const found = await page.evaluate(
        async ({ source, known }) => {
          // oxlint-disable-next-line no-eval -- a tool that is injected into the page
          globalThis.eval(source);
          const { violations } = await Reflect.get(globalThis, 'axe').run('.sbdocs-content', {
            rules: { region: { enabled: false } },
          });
          const links = [...document.querySelectorAll('.sbdocs-content a[href]')].map((link) =>
            String(link.getAttribute('href')),
          );
          const dead = links.filter((href) => {
            const path = /[?&]path=\/(?:docs|story)\/([\w-]+)/.exec(href)?.[1];
            if (path) return !known.includes(path);
            return !/^(https?:\/\/|#)/.test(href);
          });
          const { scrollWidth, clientWidth } = document.documentElement;
          return {
            violations: violations.map(
              (/** @type {{ id: string, nodes: { html: string }[] }} */ { id: rule, nodes }) =>
                `${rule}: ${nodes[0]?.html}`,
            ),
            dead,
            overflow: scrollWidth - clientWidth,
          };
        },
        { source: axe, known: Object.keys(entries) },
      );
      for (const violation of found.violations) problems.push(`${where}: ${violation}`);
      for (const href of found.dead) problems.push(`${where}: a dead link, ${href}`);
      if (found.overflow > 1) problems.push(`${where}: ${found.overflow} px wider than the page`);
      if (pictures) {
        await page.screenshot({
          path: join(pictures, `${id}-${colorScheme}-${width}.png`),
          fullPage: true,
        });
      }
      await page.close();
    }
  }
}
await browser.close();
close();
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${pages.length} pages, each in light and dark at ${WIDTHS.join(' and ')} px: ${problems.length} problems\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;
