// Walks from the session to the component and counts: the calls that a poll or an override makes in the built
// package, the files and rooms that they pass, and how often the session is asked for something.
//   npm run build && node test/bench/walk.mjs [folder of another build, to compare]
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
// @ts-expect-error -- it has no declarations
import { JSDOM } from 'jsdom';
import { parseAst } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const FLAGS = 1;
const READERS = 1;
const INTERVAL_IN_SECONDS = 1;

const { window } = new JSDOM('<main></main>', { pretendToBeVisual: true });
Object.assign(globalThis, {
  window,
  document: window.document,
  IS_REACT_ACT_ENVIRONMENT: true,
  MutationObserver: window.MutationObserver,
});
Object.defineProperty(globalThis, 'navigator', { value: window.navigator, configurable: true });

process.stdout.write('| what | calls | files | changes of room | questions to the session |\n');
process.stdout.write('| --- | ---: | ---: | ---: | ---: |\n');
const others = process.argv.slice(2).filter((part) => !part.startsWith('--'));
for (const folder of [join(here, '../../dist'), ...others]) await walk(folder);
process.exit(0);

/** @param {string} folder a build of the package */
async function walk(folder) {
  const copy = mkdtempSync(join(here, '.walk-'));
  try {
    cpSync(folder, copy, { recursive: true, filter: (path) => !path.includes('/cjs') });
    instrument(copy);
    await count(folder, copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Lets each function say when it is called. @param {string} folder */
function instrument(folder) {
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, path);
    if (!path.endsWith('.js')) continue;
    const code = readFileSync(file, 'utf8');
    const note = `globalThis.noteCall?.(${JSON.stringify(relative(folder, file))})`;
    /** @type {[at: number, text: string][]} */
    const insertions = [];
    visit(parseAst(code), (node) => {
      const { body } = node;
      if (!/Function/.test(node.type) || !body) return;
      if (body.type === 'BlockStatement') insertions.push([body.start + 1, `${note};`]);
      else insertions.push([body.start, `(${note},(`], [body.end, '))']);
    });
    insertions.sort(([a], [b]) => b - a);
    let noted = code;
    for (const [at, text] of insertions) noted = noted.slice(0, at) + text + noted.slice(at);
    writeFileSync(file, noted);
  }
}

/** @param {any} node @param {(node: any) => void} onNode */
function visit(node, onNode) {
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') onNode(node);
  for (const child of Object.values(node)) {
    for (const one of Array.isArray(child) ? child : [child]) visit(one, onNode);
  }
}

/** @param {string} name @param {string} folder */
async function count(name, folder) {
  const load = (/** @type {string} */ file) => import(pathToFileURL(join(folder, file)).href);
  const { AppConfigProvider, useFlagEnabled } = await load('entries/index.js');
  const { memoryOverrides } = await load('entries/overrides.js');
  const { act, createElement } = await import('react');
  const { createRoot } = await import('react-dom/client');
  let version = 1;
  const source = {
    name: folder,
    getLatestConfiguration: async (/** @type {{ token?: string }} */ { token }) => ({
      configuration: new TextEncoder().encode(token === `${version}` ? '' : documentOf(version)),
      contentType: 'application/json',
      nextToken: `${version}`,
      nextPollIntervalInSeconds: INTERVAL_IN_SECONDS,
      versionLabel: `v${version}`,
    }),
  };
  const overrides = memoryOverrides();
  const Reader = (/** @type {{ index: number }} */ { index }) =>
    createElement('p', undefined, String(useFlagEnabled(`flag-${index}`)));
  const root = createRoot(document.body.appendChild(document.createElement('main')));
  await act(async () => {
    root.render(
      createElement(
        AppConfigProvider,
        { application: 'shop', environment: 'production', source, flags: 'flags', overrides },
        Array.from({ length: READERS }, (_, index) => createElement(Reader, { key: index, index })),
      ),
    );
  });
  await waitFor(act, () => document.body.textContent?.includes('true') ?? false);
  const label = relative(process.cwd(), name) || name;
  /** @param {string} what @param {() => Promise<void>} event */
  const report = async (what, event) => {
    /** @type {string[]} */
    const calls = [];
    Object.assign(globalThis, { noteCall: (/** @type {string} */ file) => calls.push(file) });
    await event();
    Object.assign(globalThis, { noteCall: undefined });
    const rooms = calls.map((file) => file.split('/').slice(0, -1).join('/'));
    const changes = rooms.filter((room, index) => index > 0 && room !== rooms[index - 1]).length;
    const asked = calls.filter(
      (file, index) => file === 'session/configurationSession.js' && rooms[index - 1] !== 'session',
    ).length;
    const road = rooms.filter((room, index) => room !== rooms[index - 1]).join(' ');
    process.stdout.write(
      `| ${what}, ${label} | ${calls.length} | ${new Set(calls).size} | ${changes} | ${asked} |\n`,
    );
    if (process.argv.includes('--road')) process.stdout.write(`${road}\n`);
  };
  const polled = async () => {
    const before = document.body.innerHTML;
    version += 1;
    await waitFor(act, () => document.body.innerHTML !== before);
  };
  await report('a changed poll', polled);
  await report('an override', () =>
    act(async () => overrides.setFlag('flag-0', version % 2 === 0)),
  );
  await report('an unchanged poll', () => act(() => wait(1_000 * INTERVAL_IN_SECONDS * 1.1 + 50)));
  await act(async () => root.unmount());
}

/** @param {number} version */
function documentOf(version) {
  const flags = Array.from({ length: FLAGS }, (_, index) => [
    `flag-${index}`,
    { enabled: index > 0 || version % 2 === 1 },
  ]);
  return JSON.stringify(Object.fromEntries(flags));
}

/** @param {number} ms @returns {Promise<void>} */
function wait(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** @param {any} act @param {() => boolean} condition */
async function waitFor(act, condition) {
  while (!condition()) await act(() => wait(20));
}
