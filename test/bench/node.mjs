// Measures the session and the parsing in Node, from the built package:
//   npm run bench:node
// A poll is measured whole: source, session, decoding, sharing of structure, query cache. The floor is
// JSON.parse of the same text, which is what an app would do with its own fetch at the very least.
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { QueryClient } from '@tanstack/react-query';
import { AppConfigClient, appConfigQuery } from '../../dist/entries/index.js';
import { ConfigurationSession } from '../../dist/entries/session.js';

const REPETITIONS = 31;
const SIZES_IN_BYTES = [10_000, 100_000, 1_000_000, 2_000_000];
const SESSIONS = 1_000;
const NAMES = { application: 'bench', environment: 'node' };
const CHANGED_1_MB_BUDGET = 3;
/** A task that takes longer is one that a user may notice. */
const HOSTILE_1_MB_BUDGET_MS = 50;
const MEGABYTE = 1_000_000;

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

/** @param {string} line */
const say = (line) => process.stdout.write(`${line}\n`);
/** @param {number[]} values */
const median = (values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** A clock that can be moved past the interval, so that a poll is always due. */
function createClock() {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    monotonicNow: () => performance.now() + offsetMs,
    schedule: (/** @type {() => void} */ callback, /** @type {number} */ delayMs) => {
      const timeout = setTimeout(callback, delayMs);
      return () => clearTimeout(timeout);
    },
    passInterval: () => {
      offsetMs += 120_000;
    },
  };
}

/**
 * Answers at once: the newest bytes the first time, and then none.
 * @param {Uint8Array} first
 */
function createSource(first) {
  let next = first;
  let count = 0;
  return {
    name: 'bench',
    getLatestConfiguration: () => {
      const configuration = next;
      next = new Uint8Array();
      count += 1;
      return Promise.resolve({
        configuration,
        nextToken: `token-${count}`,
        nextPollIntervalInSeconds: 60,
        contentType: 'application/json',
      });
    },
    deploy: (/** @type {Uint8Array} */ bytes) => {
      next = bytes;
    },
  };
}

/**
 * Settings as teams write them: sections of texts, numbers, lists and switches, until the size is reached.
 * @param {number} bytes
 * @param {number} version changes one value
 */
function createDocument(bytes, version) {
  const section = (/** @type {number} */ index) => ({
    title: `Section ${index}`,
    enabled: index % 3 === 0,
    maxItems: index * 7,
    ratio: index / 8,
    regions: ['eu-central-1', 'us-east-1', 'ap-southeast-2'],
    limits: { perMinute: index + 100, perDay: index * 1_000, burst: null },
  });
  const bytesOfOne = JSON.stringify({ 'section-1000': section(1_000) }).length;
  const sections = Array.from(
    { length: Math.max(1, Math.floor(bytes / bytesOfOne)) },
    (_, index) => [`section-${index}`, section(index)],
  );
  return JSON.stringify({ version, ...Object.fromEntries(sections) });
}

/** 1 MB of what is hardest to parse, or to compare between versions. */
const HOSTILE = {
  '100,000 levels of arrays': `${'['.repeat(100_000)}"${'x'.repeat(MEGABYTE - 200_002)}"${']'.repeat(100_000)}`,
  '100,000 levels of objects': `${'{"a":'.repeat(100_000)}"${'x'.repeat(MEGABYTE - 600_002)}"${'}'.repeat(100_000)}`,
  '500,000 brackets that never close': '['.repeat(MEGABYTE / 2),
  'a key of 1 MB': `{"${'k'.repeat(MEGABYTE - 6)}":1}`,
  '100,000 keys': `{${Array.from({ length: 100_000 }, (_, index) => `"${index}":1`).join(',')}}`,
  'the same key 160,000 times': `{${'"a":1,'.repeat(160_000)}"a":1}`,
  '330,000 empty objects': `[${'{},'.repeat(330_000)}{}]`,
  'a number of 1,000,000 digits': '9'.repeat(MEGABYTE),
  '150,000 escaped half surrogates': `"${'\\ud800'.repeat(150_000)}"`,
  'bytes that are no JSON': '\u0001'.repeat(MEGABYTE),
};

/** @param {string} text */
async function measureHostile(text) {
  const source = createSource(new TextEncoder().encode(text));
  const clock = createClock();
  const queryClient = new QueryClient();
  const client = new AppConfigClient({ ...NAMES, source, queryClient, clock, onError() {} });
  const query = appConfigQuery(client, 'settings');
  /** @type {number[]} */
  const samples = [];
  /** @type {number[]} */
  const parses = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    source.deploy(new TextEncoder().encode(`${text}${' '.repeat(repetition % 2)}`));
    clock.passInterval();
    const startedAt = performance.now();
    await queryClient.fetchQuery(query).catch(() => undefined);
    const polledAt = performance.now();
    try {
      JSON.parse(text);
    } catch {
      // Not all of it is JSON.
    }
    parses.push(performance.now() - polledAt);
    samples.push(polledAt - startedAt);
  }
  client.dispose();
  return { parseMs: median(parses), changedMs: median(samples) };
}

/**
 * @param {number} bytes
 */
async function measureDocument(bytes) {
  const texts = [createDocument(bytes, 1), createDocument(bytes, 2)];
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const textOf = (/** @type {number} */ index) => texts[index % 2] ?? '';
  const bytesOf = (/** @type {number} */ index) => encoded[index % 2] ?? new Uint8Array();
  const clock = createClock();
  const source = createSource(bytesOf(1));
  const queryClient = new QueryClient();
  const client = new AppConfigClient({ ...NAMES, source, queryClient, clock });
  const query = appConfigQuery(client, 'settings');
  await queryClient.fetchQuery(query);

  /** @type {{ parse: number[], changed: number[], unchanged: number[] }} */
  const samples = { parse: [], changed: [], unchanged: [] };
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const startedAt = performance.now();
    JSON.parse(textOf(repetition));
    const parsedAt = performance.now();
    source.deploy(bytesOf(repetition));
    clock.passInterval();
    const changingAt = performance.now();
    await queryClient.fetchQuery(query);
    const changedAt = performance.now();
    clock.passInterval();
    const pollingAt = performance.now();
    await queryClient.fetchQuery(query);
    const polledAt = performance.now();
    samples.parse.push(parsedAt - startedAt);
    samples.changed.push(changedAt - changingAt);
    samples.unchanged.push(polledAt - pollingAt);
  }
  client.dispose();
  return {
    bytes: textOf(0).length,
    parseMs: median(samples.parse),
    changedMs: median(samples.changed),
    unchangedMs: median(samples.unchanged),
  };
}

async function measureSessions() {
  const clock = createClock();
  const bytes = new TextEncoder().encode('{"dark":{"enabled":true}}');
  const create = (/** @type {number} */ index) =>
    new ConfigurationSession({
      ...NAMES,
      profile: `profile-${index}`,
      source: createSource(bytes),
      clock,
      decode: (content) => JSON.parse(new TextDecoder().decode(content.bytes)),
    });
  // A warm-up, so that one-time compilation is not counted.
  await Promise.all(Array.from({ length: 10 }, (_, index) => create(index).poll()));
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const sessions = Array.from({ length: SESSIONS }, (_, index) => create(index));
  const startedAt = performance.now();
  await Promise.all(sessions.map((session) => session.poll()));
  const firstMs = performance.now() - startedAt;
  collectGarbage();
  const bytesPerSession = (process.memoryUsage().heapUsed - before) / SESSIONS;
  /** @type {number[]} */
  const rounds = [];
  for (let round = 0; round < REPETITIONS; round += 1) {
    clock.passInterval();
    const roundAt = performance.now();
    await Promise.all(sessions.map((session) => session.poll()));
    rounds.push(performance.now() - roundAt);
  }
  const polls = sessions.reduce((total, { pollCount }) => total + pollCount, 0);
  if (polls !== SESSIONS * (REPETITIONS + 1)) throw new Error(`Only ${polls} polls went out.`);
  for (const session of sessions) session.dispose();
  return { count: SESSIONS, firstMs, unchangedMs: median(rounds), bytesPerSession };
}

const documents = [];
// Once before, so that the smallest document does not pay for the compiler.
await measureDocument(100_000);
for (const bytes of SIZES_IN_BYTES) documents.push(await measureDocument(bytes));
/** @type {{ content: string, parseMs: number, changedMs: number }[]} */
const hostile = [];
for (const [content, text] of Object.entries(HOSTILE)) {
  hostile.push({ content, ...(await measureHostile(text)) });
}
const sessions = await measureSessions();

say('| document | JSON.parse alone, ms | changed poll, ms | ratio | unchanged poll, ms |');
say('| ---: | ---: | ---: | ---: | ---: |');
for (const { bytes, parseMs, changedMs, unchangedMs } of documents) {
  say(
    `| ${Math.round(bytes / 1_000).toLocaleString('en')} kB | ${parseMs.toFixed(3)} | ${changedMs.toFixed(3)} | ${(changedMs / parseMs).toFixed(2)}× | ${unchangedMs.toFixed(3)} |`,
  );
}
say(
  `\n${SESSIONS.toLocaleString('en')} sessions in one process: ${((1_000 * sessions.firstMs) / SESSIONS).toFixed(1)} µs for the first poll of one, ${((1_000 * sessions.unchangedMs) / SESSIONS).toFixed(1)} µs for an unchanged one, ${Math.round(sessions.bytesPerSession).toLocaleString('en')} bytes of heap each.`,
);
say('\n| 1 MB of | JSON.parse alone, ms | changed poll, ms |\n| --- | ---: | ---: |');
for (const { content, parseMs, changedMs } of hostile) {
  say(`| ${content} | ${parseMs.toFixed(1)} | ${changedMs.toFixed(1)} |`);
  if (changedMs <= HOSTILE_1_MB_BUDGET_MS) continue;
  say(`over budget: ${content}, ${HOSTILE_1_MB_BUDGET_MS} ms`);
  process.exitCode = 1;
}
const largest = documents.find(({ bytes }) => bytes > 900_000);
if (!largest || largest.changedMs / largest.parseMs > CHANGED_1_MB_BUDGET) {
  say(`over budget: a changed poll of 1 MB, ${CHANGED_1_MB_BUDGET}× JSON.parse`);
  process.exitCode = 1;
}
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
await writeFile(
  new URL('results-node.json', import.meta.url),
  `${JSON.stringify({ machine, repetitions: REPETITIONS, documents, hostile, sessions }, undefined, 2)}\n`,
);
