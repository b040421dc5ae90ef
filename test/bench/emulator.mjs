// How fast the emulator is, side by side with a floor:
//   npm run bench:emulator      start to first answer, requests a second (with wrk), memory, rules
import { execFile, fork, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { multiVariantFlags } from '../../dist/entries/emulatorVariants.js';

const SESSIONS = 5_000;
const SECONDS = 30;
const DAY_MS = 24 * 60 * 60_000;
const START = {
  ApplicationIdentifier: 'shop',
  EnvironmentIdentifier: 'production',
  ConfigurationProfileIdentifier: 'flags',
};
const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);
const inMegabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * How long a command takes from its start to its first answer over HTTP, in milliseconds.
 * @param {string[]} parameters
 */
async function timeToFirstAnswer(parameters) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    const url = /http:\/\/[\w.:]+/.exec(output)?.[0];
    if (!url) continue;
    await (await fetch(`${url}/applications/demo/environments/local/configurations/flags`)).text();
    break;
  }
  const tookMs = performance.now() - startedAt;
  child.kill();
  return tookMs;
}

/** @param {string} script @returns {Promise<{ url: string, ask: (message: object) => Promise<{ heapBytes: number, sessions: number }>, stop: () => void }>} */
async function startServer(script) {
  // One core for the server, the other for who loads it.
  const child = fork(here(script), {
    execPath: 'taskset',
    execArgv: ['-c', '0', process.execPath],
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const { url } = /** @type {{ url: string }} */ (await answer());
  return {
    url,
    ask: (message) => {
      child.send(message);
      return answer();
    },
    stop: () => child.kill(),
  };
}

/** Starts a session, takes its first answer, and returns the token for the next poll. @param {string} url */
async function startSession(url) {
  const start = await fetch(`${url}/configurationsessions`, {
    method: 'POST',
    body: JSON.stringify(START),
  });
  const { InitialConfigurationToken: token } = await start.json();
  const poll = await fetch(`${url}/configuration?configuration_token=${token}`);
  await poll.text();
  return poll.headers.get('Next-Poll-Configuration-Token') ?? '';
}

/**
 * Polls with wrk: each of the tokens in turn, and then the ones that came in their place.
 * @param {string} url @param {readonly string[]} tokens
 */
async function pollWithWrk(url, tokens) {
  const folder = mkdtempSync(join(tmpdir(), 'wrk-'));
  const script = join(folder, 'poll.lua');
  writeFileSync(
    script,
    `local tokens = { ${tokens.map((token) => `"${token}"`).join(', ')} }
local first, last = 1, #tokens
request = function()
  local token = tokens[first]
  tokens[first] = nil
  first = first + 1
  return wrk.format("GET", "/configuration?configuration_token=" .. token)
end
response = function(status, headers)
  last = last + 1
  tokens[last] = headers["Next-Poll-Configuration-Token"]
end
`,
  );
  const { stdout } = await promisify(execFile)(
    'taskset',
    ['-c', '1', 'wrk', '-t1', '-c64', `-d${SECONDS}s`, '-s', script, url],
    { encoding: 'utf8' },
  );
  rmSync(folder, { recursive: true });
  const failed = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), failed };
}

say('| from the start of the process to the first answer, median of 9 | ms |\n| --- | ---: |');
const cli = [here('../../dist/cli/index.js'), 'emulate', '--port', '0'];
const bare = [
  '-e',
  `require('node:http').createServer((_, r) => r.end()).listen(0, function () { console.log('http://127.0.0.1:' + this.address().port) })`,
];
for (const [name, parameters] of /** @type {const} */ ([
  ['emulate', cli],
  ['a bare node:http server', bare],
])) {
  const times = [];
  for (let run = 0; run < 9; run += 1) times.push(await timeToFirstAnswer([...parameters]));
  say(`| ${name} | ${median(times).toFixed(0)} |`);
}

if (spawnSync('wrk', ['--version']).error || spawnSync('taskset', ['--version']).error) {
  say('\nSkipped: wrk or taskset is not installed (Debian’s packages wrk and util-linux).');
} else {
  const emulator = await startServer('emulatorServer.mjs');
  const floor = await startServer('bareServer.mjs');
  const adapter = await startServer('adapterServer.mjs');
  const tokens = [];
  for (let session = 0; session < SESSIONS; session += 1)
    tokens.push(await startSession(emulator.url));
  say(
    `\n| unchanged polls of ${SESSIONS} sessions, server on one core | requests/s | refused | heap every 5 s |\n| --- | ---: | ---: | ---: |`,
  );
  /** @type {number[]} */
  const heaps = [];
  const sample = async () => heaps.push((await emulator.ask({})).heapBytes);
  await sample();
  let isPolling = true;
  const sampling = (async () => {
    for (;;) {
      await sleep(5_000);
      if (!isPolling) return;
      await sample();
    }
  })();
  const { perSecond, failed } = await pollWithWrk(emulator.url, tokens);
  isPolling = false;
  await sampling;
  await sample();
  const bareRun = await pollWithWrk(
    floor.url,
    Array.from({ length: SESSIONS }, () => 'x'),
  );
  const adapterRun = await pollWithWrk(
    adapter.url,
    Array.from({ length: SESSIONS }, () => 'x'),
  );
  say(
    `| its listener alone, with a constant answer | ${adapterRun.perSecond.toFixed(0)} | ${adapterRun.failed} | |`,
  );
  say(
    `| the emulator | ${perSecond.toFixed(0)} | ${failed} | ${heaps.map(inMegabytes).join(', ')} MB |`,
  );
  say(`| a bare node:http server | ${bareRun.perSecond.toFixed(0)} | ${bareRun.failed} | |`);
  const before = await emulator.ask({});
  const after = await emulator.ask({ advanceMs: DAY_MS + 1 });
  say(
    `\nA day later ${before.sessions} sessions were ${after.sessions}, and the heap went from ${(before.heapBytes / 1e6).toFixed(1)} to ${(after.heapBytes / 1e6).toFixed(1)} MB.`,
  );
  emulator.stop();
  floor.stop();
  adapter.stop();
}

/** Rules that are hard on a reader or on an evaluator, of about a size in characters. */
/** @type {Record<string, (size: number) => string>} */
const HARD_RULES = {
  'nothing but brackets': (size) => '('.repeat(size),
  'nested not': (size) => `${'(not '.repeat(95)}(eq $a "${'x'.repeat(size)}")${')'.repeat(95)}`,
  'a wide or': (size) => `(or ${'(eq $a "b") '.repeat(size / 12)})`,
  'a long list': (size) => `(in $a [${'"abcd", '.repeat(size / 8)}])`,
  'a text that never ends': (size) => `(eq $a "${'x'.repeat(size)}`,
  'a long integer': (size) => `(eq $a ${'9'.repeat(size)})`,
  'a pattern that others take for ever': () =>
    `(matches in::$a pattern::"^(${'a+'.repeat(250)})+$")`,
  alternatives: () => `(matches in::$a pattern::"${'(a|aa)'.repeat(85)}$")`,
  'counted repetition': () => '(matches in::$a pattern::"((a{0,30}){0,30})$")',
  binary: (size) =>
    Array.from({ length: size }, (_, index) => String.fromCharCode((index * 7919) % 255)).join(''),
};
const context = new Map([['a', `${'a'.repeat(1_000)}b`]]);
const timeOf = (/** @type {() => void} */ run) => {
  const startedAt = performance.now();
  run();
  return performance.now() - startedAt;
};
const perKilobyte = (/** @type {number} */ ms, /** @type {string} */ rule) =>
  (ms * 1_000) / Math.max(1_000, rule.length);
say(
  '\n| ms a kB of hostile rules, median of 9 | read, 1 kB | read, 4 kB | read, 16 kB | evaluated the first time, on 1 kB | evaluated again |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
for (const [name, create] of Object.entries(HARD_RULES)) {
  const read = [1_000, 4_000, 16_000].map((size) => {
    const rule = create(size).slice(0, 16_384);
    const times = Array.from({ length: 9 }, () => timeOf(() => multiVariantFlags.readRule(rule)));
    return perKilobyte(median(times), rule).toFixed(2);
  });
  /** @type {number[]} */
  const first = [];
  /** @type {number[]} */
  const again = [];
  for (let run = 0; run < 9; run += 1) {
    const { matches } = multiVariantFlags.readRule(create(1_000).slice(0, 16_384));
    first.push(timeOf(() => matches(context, 'flag')));
    again.push(timeOf(() => matches(context, 'flag')));
  }
  say(`| ${[name, ...read, median(first).toFixed(2), median(again).toFixed(2)].join(' | ')} |`);
}

const FUZZ_RUNS = 20_000;
const RULE_PARTS =
  '( ) [ ] " and or not eq in matches split exists $a "x" 5 in:: pattern:: "(a+)+$" "[a-z]*b" pct:: by:: key:: 2024-01'.split(
    ' ',
  );
const random = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 2_000 }),
  fc.array(fc.constantFrom(...RULE_PARTS), { maxLength: 400 }).map((parts) => parts.join(' ')),
);
/** @type {number[]} */
const fuzzed = [];
for (const rule of fc.sample(random, { numRuns: FUZZ_RUNS, seed: 1 })) {
  const run = () => {
    multiVariantFlags.readRule(rule).matches(context, 'flag');
  };
  // The least of three: what the garbage collector and the machine's other work take is not the rule's.
  fuzzed.push(perKilobyte(Math.min(timeOf(run), timeOf(run), timeOf(run)), rule));
}
const sorted = fuzzed.toSorted((a, b) => a - b);
const quantile = (/** @type {number} */ share) =>
  sorted[Math.floor(share * (FUZZ_RUNS - 1))]?.toFixed(2);
say(
  `\n${FUZZ_RUNS} fuzzed rules, read and evaluated: median ${quantile(0.5)} ms a kB, 99.9 % below ${quantile(0.999)}, slowest ${quantile(1)}; none threw.`,
);
