import { createServer, request as sendRequest } from 'node:http';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createEmulator, type Emulator } from '../../dist/entries/emulator.js';
import { serveEmulator, type EmulatorServer } from '../../dist/entries/emulatorNode.js';
import { multiVariantFlags } from '../../dist/entries/emulatorVariants.js';
import { CHROMIUM_ARGUMENTS, findChromium } from '../support/browser.mjs';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const STORED = {
  version: '1',
  flags: {
    checkout: {
      name: 'Checkout',
      description: 'The way to pay',
      attributes: {
        limit: { constraints: { type: 'number', minimum: 1, maximum: 100 } },
        color: { constraints: { type: 'string', enum: ['red', 'green'] } },
      },
    },
  },
  values: {
    'dark-mode': { enabled: false },
    checkout: { enabled: true, limit: 20, color: 'red' },
    greeting: {
      _variants: [
        { name: 'Kiwi', enabled: true, rule: '(eq $country "NZ")' },
        { name: 'Default', enabled: false },
      ],
    },
  },
};
const ROUTE = '/applications/shop/environments/production/configurations/flags';

// Real time passes: the page polls once a second.
vi.setConfig({ testTimeout: 60_000 });

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: await findChromium(),
    args: CHROMIUM_ARGUMENTS,
  });
});
afterAll(() => browser.close());

const opened = new Set<{ close: () => Promise<void> }>();
afterEach(async () => {
  for (const one of opened) await one.close();
  opened.clear();
});

async function setup({
  token,
  colorScheme,
}: { token?: string; colorScheme?: 'light' | 'dark' } = {}) {
  const emulator = createEmulator({ multiVariantFlags, pollIntervalInSeconds: 0 });
  emulator.deploy({ ...NAME, content: STORED });
  emulator.deploy({
    ...NAME,
    profile: 'settings',
    content: 'title: Shop',
    contentType: 'application/x-yaml',
  });
  const server = await serveEmulator(emulator, token ? { control: { token } } : {});
  const context = await browser.newContext({ colorScheme: colorScheme ?? 'light' });
  const page = await context.newPage();
  opened.add(context).add(server);
  const noise: string[] = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(error.message));
  await page.goto(`${server.url}/`);
  return { emulator, server, page, noise };
}

async function delivered(emulator: Emulator): Promise<unknown> {
  return (await emulator.fetch(new Request(`http://emulator${ROUTE}`))).json();
}

/** The page learns of a change with its next poll, a second later. */
const PATIENCE = { timeout: 10_000 };

const flagSwitch = (page: Page, name: string) => page.getByRole('switch', { name });

/** Moves the focus with the Tab key alone until it is where it is wanted. */
async function tabTo(page: Page, wanted: { role: string; name: RegExp }) {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const [role, name] = await page.evaluate(() => {
      const focused = document.activeElement ?? document.body;
      return [
        focused.getAttribute('role') ?? focused.tagName.toLowerCase(),
        focused.getAttribute('aria-label') ?? focused.textContent,
      ];
    });
    if (role === wanted.role && wanted.name.test(name ?? '')) return page.locator(':focus');
  }
  return expect.fail(`The Tab key does not lead to ${wanted.role} ${wanted.name}.`);
}

describe('the control page', () => {
  it('flips a flag and edits an attribute, and clients have it with their next poll', async () => {
    const { emulator, page, noise } = await setup();
    await flagSwitch(page, 'dark-mode').click();
    await page.getByText('dark-mode was switched on.').waitFor();
    expect(await delivered(emulator)).toMatchObject({ 'dark-mode': { enabled: true } });
    await expect
      .poll(() => flagSwitch(page, 'dark-mode').getAttribute('aria-checked'))
      .toBe('true');
    const limit = page.getByLabel('limit of checkout');
    await limit.fill('50');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('limit is now 50.').waitFor();
    expect(await delivered(emulator)).toMatchObject({ checkout: { enabled: true, limit: 50 } });
    await expect.poll(() => page.getByRole('button', { name: 'Save' }).count(), PATIENCE).toBe(0);
    await limit.fill('500');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('alert')
      .getByText(/attribute "limit": 500 is more than the maximum 100/)
      .waitFor();
    expect(await delivered(emulator)).toMatchObject({ checkout: { enabled: true, limit: 50 } });
    await page.getByText('The way to pay', { exact: true }).waitFor();
    await page.getByLabel('color of checkout').selectOption('green');
    await page.getByText('color is now green.').waitFor();
    expect(await delivered(emulator)).toMatchObject({ checkout: { color: 'green' } });
    await flagSwitch(page, 'greeting: Default').click();
    await expect
      .poll(() => delivered(emulator), PATIENCE)
      .toMatchObject({ greeting: { enabled: true } });
    // The browser itself logs a line for a refused deployment.
    expect(noise.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
  });

  it('deploys text with a label and a roll-out, and rolls it back', async () => {
    const { emulator, page } = await setup();
    await page.getByRole('button', { name: 'settings' }).click();
    await page.getByText('Deploy a new version').click();
    await page.getByLabel('Content', { exact: true }).fill('title: New shop');
    await page.getByLabel('Version label').fill('v2');
    await page.getByLabel('Roll out').selectOption({ label: '20 % of sessions every 2 minutes' });
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByText('rolling out, 20 %').waitFor();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('rolling out').waitFor({ state: 'detached' });
    const state = emulator.configurations.find(({ profile }) => profile === 'settings');
    expect(state).toMatchObject({ live: 1, rollOut: undefined });
    expect(state?.versions.map(({ versionLabel }) => versionLabel)).toEqual([undefined, 'v2']);
  });

  it('shows sessions and requests as they come, and makes things go wrong', async () => {
    const { emulator, server, page } = await setup();
    await page.getByText('No client has a session.').waitFor();
    const body = JSON.stringify({
      ApplicationIdentifier: 'shop',
      EnvironmentIdentifier: 'production',
      ConfigurationProfileIdentifier: 'flags',
    });
    await fetch(`${server.url}/configurationsessions`, { method: 'POST', body });
    await page.getByRole('cell', { name: 'any time' }).waitFor();
    await page.getByRole('button', { name: '503 Unavailable' }).click();
    await page.getByRole('listitem').getByText('503 Unavailable, 1×').waitFor();
    expect((await fetch(`${server.url}${ROUTE}`)).status).toBe(503);
    await page.getByRole('cell', { name: /InternalServerException/ }).waitFor();
    await expect.poll(() => emulator.faults, PATIENCE).toEqual([]);
    await page.getByRole('button', { name: 'End all sessions' }).click();
    await page.getByText('No client has a session.').waitFor();
  });

  it('shows a change at once, and keeps its place after a reload', async () => {
    const { page } = await setup();
    await flagSwitch(page, 'dark-mode').click();
    await page.locator('[role=switch][aria-label=dark-mode][aria-checked=true]').waitFor();
    await page.getByRole('button', { name: 'settings' }).click();
    await page.reload();
    await page.getByRole('heading', { name: 'settings' }).waitFor();
    expect(await page.evaluate(() => location.hash)).toContain('settings');
  });

  it('runs an experiment, and shows what EventBridge would receive', async () => {
    const { emulator, page } = await setup();
    await page.getByText('Experiments').click();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('cell', { name: '20 %' }).waitFor();
    await page.getByRole('button', { name: 'Expose more' }).click();
    await page.getByRole('cell', { name: '40 %' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('cell', { name: 'done' }).waitFor();
    expect(emulator.experiments).toMatchObject([{ flag: 'checkout', status: 'DONE' }]);
    await page.getByRole('cell', { name: 'On Deployment Complete' }).first().waitFor();
  });

  it('says why a value cannot be saved, and refuses empty or broken content', async () => {
    const { emulator, page } = await setup();
    await page.getByLabel('limit of checkout').fill('x');
    await page.getByText('must be a number').waitFor();
    await page.getByText('Deploy a new version').click();
    for (const text of ['', '{"a":']) {
      await page.getByLabel('Content', { exact: true }).fill(text);
      await page.getByRole('button', { name: 'Deploy', exact: true }).click();
      await page.getByText(text ? 'It is not valid JSON' : 'It is empty').waitFor();
    }
    expect(emulator.configurations.map(({ versions }) => versions.length)).toEqual([1, 1]);
  });

  it('fits a phone', async () => {
    const { page } = await setup();
    await page.setViewportSize({ width: 390, height: 800 });
    await flagSwitch(page, 'dark-mode').waitFor();
    await page.getByText('Deploy a new version').click();
    await page.getByText('Experiments').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  it('continues without a reload when the emulator is started again', async () => {
    const { emulator, server, page } = await setup();
    await flagSwitch(page, 'dark-mode').waitFor();
    const port = Number(new URL(server.url).port);
    await server.close();
    await page.getByText('The emulator does not answer.').waitFor();
    opened.delete(server);
    opened.add(await serveEmulator(emulator, { port }));
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByText('The emulator does not answer.').waitFor({ state: 'detached' });
    expect(await flagSwitch(page, 'dark-mode').count()).toBe(1);
  });

  it('works by keyboard alone', async () => {
    const { emulator, page } = await setup();
    await flagSwitch(page, 'dark-mode').waitFor();
    await tabTo(page, { role: 'switch', name: /^dark-mode$/ });
    await page.keyboard.press('Space');
    await expect
      .poll(() => delivered(emulator), PATIENCE)
      .toMatchObject({ 'dark-mode': { enabled: true } });
    await expect
      .poll(() => flagSwitch(page, 'dark-mode').getAttribute('aria-disabled'), PATIENCE)
      .toBe(null);
    expect(
      await flagSwitch(page, 'dark-mode').evaluate((element) => element === document.activeElement),
    ).toBe(true);
    await tabTo(page, { role: 'input', name: /^limit of checkout$/ });
    await page.keyboard.press('Control+a');
    await page.keyboard.type('7');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => delivered(emulator), PATIENCE)
      .toMatchObject({ checkout: { limit: 7 } });
    await tabTo(page, { role: 'summary', name: /Deploy a new version/ });
    await page.keyboard.press('Enter');
    await tabTo(page, { role: 'button', name: /^Deploy$/ });
    const rollBack = await tabTo(page, { role: 'button', name: /^Roll back$/ });
    await expect.poll(() => rollBack.getAttribute('aria-disabled'), PATIENCE).toBe(null);
    await page.keyboard.press('Enter');
    await expect
      .poll(() => delivered(emulator), PATIENCE)
      .toMatchObject({ checkout: { limit: 20 } });
    await tabTo(page, { role: 'button', name: /^429 Throttling$/ });
    await page.keyboard.press('Enter');
    await expect.poll(() => emulator.faults.length, PATIENCE).toBe(1);
    await tabTo(page, { role: 'button', name: /^settings$/ });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'settings' }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe objects to, %s',
    async (colorScheme) => {
      const { server, page, emulator } = await setup({ colorScheme });
      emulator.inject({ kind: 'reset', times: Infinity, operation: 'GetLatestConfiguration' });
      await fetch(`${server.url}/configuration?configuration_token=x`);
      await fetch(`${server.url}${ROUTE}`);
      await page.getByText('Deploy a new version').click();
      await page.getByLabel('limit of checkout').fill('x');
      await page.getByText('until cleared').last().waitFor();
      await page.getByRole('cell', { name: 'GetConfiguration' }).waitFor();
      // As the developer tools would: the page's policy lets no script in.
      await page.evaluate(axe.source);
      const violations: unknown = await page.evaluate(
        `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(', ')))`,
      );
      expect(violations).toEqual([]);
    },
  );

  it('loads nothing from anywhere else, and may not be framed', async () => {
    const { server, page } = await setup();
    const urls: string[] = [];
    page.on('request', (request) => urls.push(request.url()));
    await page.reload();
    await flagSwitch(page, 'dark-mode').waitFor();
    expect(urls.every((url) => url.startsWith(server.url) || url.startsWith('data:'))).toBe(true);
    const { headers } = await fetch(server.url);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('asks for the token if there is one, and removes it from the URL', async () => {
    const { server, page } = await setup({ token: 'secret' });
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('needs the token').waitFor();
    await page.getByLabel('Token').fill('secret');
    await page.getByRole('button', { name: 'Enter' }).click();
    await flagSwitch(page, 'dark-mode').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${server.url}/#token=secret`);
    await flagSwitch(other, 'dark-mode').waitFor();
    expect(other.url()).toBe(`${server.url}/`);
  });
});

/** A request as no well-behaved client would send it. */
function sendRaw(
  server: EmulatorServer,
  path: string,
  headers: Record<string, string>,
  body = '{}',
) {
  return new Promise<number | undefined>((resolve, reject) => {
    const request = sendRequest(
      `${server.url}${path}`,
      { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers } },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

describe('the controls', () => {
  const attack = '/control/clear-faults';

  it.each<[string, Record<string, string>]>([
    ['a name that a stranger’s DNS points here', { Host: 'evil.example' }],
    ['a name that only begins like this machine', { Host: 'localhost.evil.example' }],
    ['a page of another origin', { Origin: 'http://evil.example' }],
    ['a page of another port', { Origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { Origin: 'null' }],
    ['a frame of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another port of this machine', { 'Sec-Fetch-Site': 'same-site' }],
  ])('refuse %s', async (_, headers) => {
    const { server, emulator } = await setup();
    emulator.inject({ kind: 'reset', operation: 'StartConfigurationSession' });
    expect(await sendRaw(server, attack, headers)).toBe(403);
    expect(emulator.faults).toHaveLength(1);
    expect(await sendRaw(server, attack, {})).toBe(204);
    expect(emulator.faults).toHaveLength(0);
  });

  it('refuse what is not JSON, not an object, not an action or not a POST', async () => {
    const { server, emulator } = await setup();
    emulator.inject({ kind: 'reset', operation: 'StartConfigurationSession' });
    expect(await sendRaw(server, attack, { 'Content-Type': 'text/plain' })).toBe(415);
    expect(await sendRaw(server, attack, {}, 'null')).toBe(400);
    expect(await sendRaw(server, '/control/toString', {})).toBe(404);
    expect(await sendRaw(server, '/control/deploy', {}, '{}')).toBe(400);
    expect(await sendRaw(server, '/control/inject', {}, '{"kind":"slow","delayMs":1e9}')).toBe(400);
    expect((await fetch(`${server.url}${attack}`)).status).toBe(405);
    expect((await fetch(`${server.url}/assets/../../package.json`)).status).toBe(404);
    expect((await fetch(`${server.url}/assets/%2e%2e/index.html`)).status).toBe(404);
    expect(await sendRaw(server, '/control/deploy', {}, 'x'.repeat(6 * 1024 * 1024))).toBe(413);
    expect(emulator.faults).toHaveLength(1);
  });

  it('are out of reach of a page of another origin in a real browser', async () => {
    const { server, emulator, page } = await setup();
    emulator.inject({ kind: 'reset', operation: 'StartConfigurationSession' });
    const stranger = createServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>stranger</p>');
    });
    await new Promise<void>((resolve) => {
      stranger.listen(0, '127.0.0.1', resolve);
    });
    opened.add({ close: async () => void stranger.close() });
    const address = stranger.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await page.goto(`http://127.0.0.1:${port}/`);
    const outcomes = await page.evaluate(async (target) => {
      const attempt = (init: RequestInit) =>
        fetch(target, { method: 'POST', body: '{}', ...init }).then(
          (response) => response.type,
          () => 'refused',
        );
      return [
        await attempt({ headers: { 'Content-Type': 'application/json' } }),
        await attempt({ mode: 'no-cors' }),
        await attempt({ mode: 'no-cors', headers: { 'Content-Type': 'text/plain' } }),
      ];
    }, `${server.url}${attack}`);
    expect(outcomes).toEqual(['refused', 'opaque', 'opaque']);
    expect(emulator.faults).toHaveLength(1);
  });

  it('need the token where there is one, from this machine, too', async () => {
    const { server } = await setup({ token: 'secret' });
    expect(await sendRaw(server, attack, {})).toBe(403);
    expect(await sendRaw(server, attack, { Authorization: 'Bearer wrong' })).toBe(403);
    expect(await sendRaw(server, attack, { Authorization: 'Bearer secret' })).toBe(204);
    const named = { Authorization: 'Bearer secret', Host: 'emulator.example' };
    expect(await sendRaw(server, attack, named)).toBe(204);
  });

  it('can be left out', async () => {
    const server = await serveEmulator(createEmulator(), { control: false });
    opened.add(server);
    expect(await sendRaw(server, attack, {})).toBe(404);
    expect((await fetch(server.url)).status).toBe(404);
  });
});
