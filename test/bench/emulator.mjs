// How fast the emulator is, side by side with a floor:
//   npm run bench:emulator      start to first answer, unchanged polls (with wrk), memory, rules
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { loadTogether, startServer } from './load.mjs';

const SESSIONS = 5_000;
const SECONDS = 6;
const ROUNDS = 6;
const DAY_MS = 24 * 60 * 60_000;
const START = {
  ApplicationIdentifier: 'shop',
  EnvironmentIdentifier: 'production',
  ConfigurationProfileIdentifier: 'flags',
};
/** What is inside of it has no declarations. @type {typeof import('../../src/entries/emulatorVariants.ts')} */
const { multiVariantFlags } = await import(
  new URL('../../dist/entries/emulatorVariants.js', import.meta.url).href
);
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
 * Lua for wrk that polls with each of the tokens in turn, and then with the ones that came in their place.
 * @param {readonly string[]} tokens
 */
const pollWith = (tokens) => `local tokens = { ${tokens.map((token) => `"${token}"`).join(', ')} }
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
`;

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
  const emulator = await startServer('./emulatorServer.mjs');
  const adapter = await startServer('./adapterServer.mjs');
  const floor = await startServer('./bareServer.mjs');
  const otherFloor = await startServer('./bareServer.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'wrk-'));
  const script = join(folder, 'poll.lua');
  const constantScript = join(folder, 'constant.lua');
  writeFileSync(constantScript, pollWith(Array.from({ length: SESSIONS }, () => 'x')));
  const newSessions = async () => {
    // This ends the sessions of the previous round.
    await emulator.ask({ advanceMs: DAY_MS + 1 });
    const tokens = [];
    for (let session = 0; session < SESSIONS; session += 1)
      tokens.push(await startSession(emulator.url));
    writeFileSync(script, pollWith(tokens));
    return script;
  };
  say(
    `\n| unchanged polls of ${SESSIONS} sessions | answers per millisecond on its core, as a ratio to a bare server's at the same time | median |\n| --- | ---: | ---: |`,
  );
  /** @type {number[]} */
  const heaps = [];
  let polls = 0;
  /**
   * @param {string} name
   * @param {import('./load.mjs').Server} server
   * @param {() => string | Promise<string>} findScript
   * @param {(requests: number, refused: number) => Promise<void>} [note]
   */
  const compare = async (name, server, findScript, note) => {
    /** @type {number[]} */
    const ratios = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const contenders = [
        { server, url: server.url, script: await findScript() },
        { server: floor, url: floor.url, script: constantScript },
      ];
      const [ours, bareRun] = await loadTogether(contenders, { connections: 64, seconds: SECONDS });
      await note?.(ours?.requests ?? 0, ours?.refused ?? 0);
      // The first round warms up.
      if (round > 0) ratios.push((ours?.answersAMs ?? NaN) / (bareRun?.answersAMs ?? NaN));
    }
    const all = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
    say(`| ${name} | ${all} | ${median(ratios).toFixed(2)} |`);
  };
  await compare('the emulator', emulator, newSessions, async (requests, refused) => {
    polls += requests;
    heaps.push((await emulator.ask()).heapBytes);
    if (refused) say(`refused: ${refused}`);
  });
  const constant = () => constantScript;
  await compare('its listener alone, with a constant answer', adapter, constant);
  await compare('none: the bare server itself', otherFloor, constant);
  rmSync(folder, { recursive: true });
  say(`\nheap over ${polls} polls: ${heaps.map(inMegabytes).join(', ')} MB`);
  const before = await emulator.ask();
  const after = await emulator.ask({ advanceMs: DAY_MS + 1 });
  say(
    `A day later ${before.sessions} sessions were ${after.sessions}, and the heap went from ${inMegabytes(before.heapBytes)} to ${inMegabytes(after.heapBytes)} MB.`,
  );
  for (const { stop } of [emulator, adapter, floor, otherFloor]) stop();
}

/** Rules that are hard to read or to evaluate, of about the given size in characters. */
/** @type {Record<string, (size: number) => string>} */
const HARD_RULES = {
  'nothing but brackets': (size) => '('.repeat(size),
  'nested not': (size) => `${'(not '.repeat(95)}(eq $a "${'x'.repeat(size)}")${')'.repeat(95)}`,
  'a wide or': (size) => `(or ${'(eq $a "b") '.repeat(size / 12)})`,
  'a long list': (size) => `(in $a [${'"abcd", '.repeat(size / 8)}])`,
  'a text that never ends': (size) => `(eq $a "${'x'.repeat(size)}`,
  'a long integer': (size) => `(eq $a ${'9'.repeat(size)})`,
  'a pattern that hangs other engines': () =>
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
  '\n| ms per kB of hostile rules, median of 9 | read, 1 kB | read, 4 kB | read, 16 kB | evaluated the first time, on 1 kB | evaluated again |\n| --- | ---: | ---: | ---: | ---: | ---: |',
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
  // The fastest of three: the garbage collector and other work of the machine must not count.
  fuzzed.push(perKilobyte(Math.min(timeOf(run), timeOf(run), timeOf(run)), rule));
}
const sorted = fuzzed.toSorted((a, b) => a - b);
const quantile = (/** @type {number} */ share) =>
  sorted[Math.floor(share * (FUZZ_RUNS - 1))]?.toFixed(2);
say(
  `\n${FUZZ_RUNS} fuzzed rules, read and evaluated: median ${quantile(0.5)} ms per kB, 99.9 % below ${quantile(0.999)}, slowest ${quantile(1)}; none threw.`,
);
