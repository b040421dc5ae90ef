// Breaks the road that production takes: browsers with agentSource and experimentSource, a shared cache that follows
// RFC 9111, three processes with both handlers, the Agent. Time is simulated, so that a day takes seconds:
//   npm run test:faults:route                  at least 5,000 faults
//   npm run test:faults:route -- --short       500 of them
//   npm run test:faults:route -- --seed=7      the same choices again
import CachePolicy from 'http-cache-semantics';
import { agentSource, experimentSource } from '../../dist/entries/agent.js';
import { createEmulator } from '../../dist/entries/emulator.js';
import { multiVariantFlags } from '../../dist/entries/emulatorVariants.js';
import { createAppConfigHandler } from '../../dist/entries/server.js';
import { ConfigurationSession } from '../../dist/entries/session.js';
import { createRandom } from './random.mjs';

const isShort = process.argv.includes('--short');
const seed = Number(process.argv.find((part) => part.startsWith('--seed='))?.slice(7) ?? 1);
const FAULTS = isShort ? 500 : 5_000;
const PROCESSES = 3;
const SHARE = 0.4;
const MINUTE_MS = 60_000;
const CALM_MS = 40 * MINUTE_MS;
const SECOND_MS = 1_000;
const START = Date.UTC(2026, 0, 1);
const NAME = { application: 'shop', environment: 'production' };
const ORIGIN = 'https://shop.example';
const EVIL = 'https://evil.example';
/** Some of them differ by a capital letter alone. */
const PEOPLE = ['Ann', 'ann', 'ANN', 'ben', 'Ben', 'cid', 'dan', 'eve', 'a,b', 'ä'];
const NOBODY = 'nobody';
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

// --- time

let now = 0;
/** @type {Map<() => void, number>} */
const callbacks = new Map();
/** @param {() => void} callback @param {number} delayMs */
function schedule(callback, delayMs) {
  const run = () => callback();
  callbacks.set(run, now + Math.max(0, delayMs));
  return () => void callbacks.delete(run);
}
/** What does not wait for time. */
async function settle() {
  for (let turn = 0; turn < 12; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
/** @param {() => boolean} isOver */
async function runUntil(isOver) {
  while (!isOver()) {
    await settle();
    let next;
    for (const [run, at] of callbacks) if (!next || at < next.at) next = { run, at };
    if (!next) throw new Error('Nothing waits for anything any more.');
    callbacks.delete(next.run);
    now = Math.max(now, next.at);
    next.run();
  }
}
/** A clock of a machine, which can be set, and stands still while the machine does. */
function createClock() {
  let offset = 0;
  return {
    now: () => START + now + offset,
    monotonicNow: () => now,
    schedule,
    set: (/** @type {number} */ byMs) => {
      offset += byMs;
    },
  };
}

// --- faults

const random = createRandom(seed);
const pick = (/** @type {readonly any[]} */ values) => values[Math.floor(random() * values.length)];
let isCalm = true;
/** @type {Map<string, number>} */
const struck = new Map();
const count = (/** @type {string} */ kind) => struck.set(kind, (struck.get(kind) ?? 0) + 1);
const total = () => [...struck.values()].reduce((sum, times) => sum + times, 0);
const page = (/** @type {Record<string, string>} */ headers) =>
  new Response('<!doctype html><title>shop</title>', {
    headers: { 'Content-Type': 'text/html', ...headers },
  });
/** @param {Response} response @param {Record<string, string | undefined>} changes */
function withHeaders(response, changes) {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) headers.delete(name);
    else headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}
const FOUR_HOURS = 'max-age of four hours';
const never = () => new Promise(() => {});
/** @type {Record<string, (answer: () => Promise<Response>) => Promise<any>>} */
const KINDS = {
  'connection reset': async () => {
    throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
  },
  'answer lost': async (answer) => {
    await answer();
    throw new TypeError('fetch failed');
  },
  'no answer': never,
  'late by 40 s': async (answer) => {
    const response = await answer();
    await new Promise((resolve) => void schedule(() => resolve(undefined), 40_000));
    return response;
  },
  'status 500': async () => new Response('no', { status: 500 }),
  'status 403': async () => new Response('no', { status: 403 }),
  'status 404': async () => new Response('no', { status: 404 }),
  'status 429 with Retry-After': async () =>
    new Response('', { status: 429, headers: { 'Retry-After': '20' } }),
  'status 503 with Retry-After for years': async () =>
    new Response('', { status: 503, headers: { 'Retry-After': '99999999' } }),
  'page of the app, with an ETag': async () => page({ ETag: '"page"' }),
  'page of a captive portal': async () => page({}),
  '304 for what nobody has': async () => new Response(null, { status: 304 }),
  'empty ETag': async (answer) => withHeaders(await answer(), { ETag: '' }),
  'no version': async (answer) =>
    withHeaders(await answer(), { 'Configuration-Version': undefined }),
  [FOUR_HOURS]: async (answer) =>
    withHeaders(await answer(), { 'Cache-Control': 'Public, MAX-AGE="14400"' }),
  'redirect to another origin': async () =>
    new Response(null, { status: 307, headers: { Location: `${EVIL}/flags` } }),
};

/**
 * A way that a request takes, where it may be struck.
 * @param {(request: Request) => Promise<Response>} answer
 * @param {{ isInside?: boolean }} [options] of a way behind the cache, where nobody writes a max-age of its own
 * @returns {typeof fetch}
 */
function link(answer, { isInside = false } = {}) {
  const kinds = Object.keys(KINDS).filter((kind) => !isInside || kind !== FOUR_HOURS);
  return async (input, init) => {
    const request = new Request(input, { headers: init?.headers ?? {} });
    if (request.url.startsWith(EVIL)) {
      leaks += 1;
      return new Response('{"mine":{"enabled":true,"owner":"evil"}}', {
        headers: { 'Configuration-Version': '1', 'Content-Type': 'application/json' },
      });
    }
    const kind = isCalm || random() > SHARE ? undefined : pick(kinds);
    if (kind) count(kind);
    const answered = (async () => {
      // Nothing is answered in the moment in which it is asked.
      await new Promise((resolve) => void schedule(() => resolve(undefined), 5 + 200 * random()));
      const ask = () => answer(request);
      return kind ? KINDS[kind]?.(ask) : ask();
    })();
    const aborted = new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
    return Promise.race([answered, aborted]);
  };
}

// --- the service

/** Who was asked for, where another origin must not know it. */
let leaks = 0;
let version = 0;
const emulator = createEmulator({
  multiVariantFlags,
  historyLength: 1,
  clock: { now: () => START + now },
});
function deploy() {
  version += 1;
  const flag = (/** @type {string} */ name) => ({
    name,
    attributes: {
      owner: { constraints: { type: 'string' } },
      version: { constraints: { type: 'number' } },
    },
  });
  const variantOf = (/** @type {string} */ owner, /** @type {string | undefined} */ rule) => ({
    name: `of-${owner.length}-${PEOPLE.indexOf(owner)}`,
    enabled: true,
    attributeValues: { owner, version },
    ...(rule && { rule }),
  });
  const named = PEOPLE.filter((person) => !person.includes(','));
  const variants = named.map((person) => variantOf(person, `(eq $user "${person}")`));
  variants.push(variantOf(NOBODY, undefined));
  const values = { mine: { _variants: variants }, same: { enabled: true, owner: 'all', version } };
  emulator.deploy({
    ...NAME,
    profile: 'flags',
    versionLabel: `v${version}`,
    content: { version: '1', flags: { mine: flag('Mine'), same: flag('Same') }, values },
  });
  // No parser looks at it: whatever gets through is shown.
  emulator.deploy({
    ...NAME,
    profile: 'notice',
    versionLabel: `v${version}`,
    content: `version ${version}`,
    contentType: 'text/plain',
  });
}
deploy();

// --- the processes

/** @type {Map<string, number>} */
const upstreamCalls = new Map();
function startProcess(/** @type {number} */ index) {
  const clock = createClock();
  const source = experimentSource(
    agentSource({
      endpoint: 'http://agent.internal',
      fetch: link(
        async (request) => {
          upstreamCalls.set(`${index}`, (upstreamCalls.get(`${index}`) ?? 0) + 1);
          return emulator.fetch(request);
        },
        { isInside: true },
      ),
    }),
    [],
  );
  const options = {
    ...NAME,
    source,
    clock,
    random,
    onError: () => {},
    profiles: {
      flags: { allow: ['mine', 'same'] },
      notice: { allow: /** @type {const} */ ('all') },
    },
  };
  return {
    clock,
    forAll: createAppConfigHandler({ ...options, basePath: '/all' }),
    forOne: createAppConfigHandler({
      ...options,
      basePath: '/one',
      acceptContext: ['user'],
      acceptEntityId: true,
    }),
  };
}
const processes = Array.from({ length: PROCESSES }, (_, index) => startProcess(index));
const reached = async (/** @type {Request} */ request) => {
  const { forAll, forOne } = pick(processes);
  const handler = new URL(request.url).pathname.startsWith('/all') ? forAll : forOne;
  return handler(request);
};

// --- the cache

// It is a day in some seconds for the cache, too.
Object.assign(CachePolicy.prototype, { now: () => START + now });
/**
 * @typedef {{ policy: CachePolicy, body: ArrayBuffer, status: number, vary: string, marks: string }} Stored
 * @type {Map<string, Stored[]>}
 */
const stored = new Map();
const reachThroughFaults = link(reached, { isInside: true });
const plain = (/** @type {Headers} */ headers) => Object.fromEntries(headers);
/** What of a request an answer depends on. @param {Request} request @param {string} vary */
const marksOf = ({ headers }, vary) =>
  JSON.stringify(vary.split(',').map((name) => (name.trim() ? headers.get(name.trim()) : '')));
/** What a CDN does, whatever it is asked. @param {Request} request @returns {Promise<Response>} */
async function throughCache(request) {
  const asked = { method: 'GET', url: request.url, headers: plain(request.headers) };
  const all = stored.get(request.url) ?? [];
  const known = all.find(({ vary, marks }) => marksOf(request, vary) === marks);
  const keep = (/** @type {Stored} */ next) =>
    stored.set(request.url, [
      next,
      ...(stored.get(request.url) ?? []).filter((each) => each.marks !== next.marks),
    ]);
  const answer = (/** @type {NonNullable<typeof known>} */ { policy, body, status }) => {
    const headers = new Headers(/** @type {Record<string, string>} */ (policy.responseHeaders()));
    const etag = request.headers.get('If-None-Match');
    return etag !== null && etag === headers.get('ETag')
      ? new Response(null, { status: 304, headers })
      : new Response(body.slice(0), { status, headers });
  };
  if (known && known.policy.satisfiesWithoutRevalidation(asked)) return answer(known);
  const headers = known ? known.policy.revalidationHeaders(asked) : asked.headers;
  /** @type {Response} */
  let response;
  try {
    response = await reachThroughFaults(request.url, {
      headers: /** @type {Record<string, string>} */ (headers),
    });
  } catch {
    return known ? answer(known) : new Response('', { status: 502 });
  }
  if (response.status >= 500 && known) return answer(known);
  const given = { status: response.status, headers: plain(response.headers) };
  if (known && response.status === 304) {
    const { policy, modified } = known.policy.revalidatedPolicy(asked, given);
    if (!modified) {
      const next = { ...known, policy };
      keep(next);
      return answer(next);
    }
  }
  const policy = new CachePolicy(asked, given, { shared: true });
  const body = await response.arrayBuffer();
  const vary = response.headers.get('Vary') ?? '';
  const next = { policy, body, status: response.status, vary, marks: marksOf(request, vary) };
  if (policy.storable() && response.ok) keep(next);
  const isEmpty = [204, 304].includes(response.status);
  return new Response(isEmpty ? null : body, { status: response.status, headers: given.headers });
}
const fromPage = link(throughCache);

// --- the browsers

const found = {
  "another person's values": 0,
  'values of no version': 0,
  'lost configurations': 0,
  'polls before the interval was over': 0,
  'requests to another origin': 0,
  'unhandled rejections': 0,
  'readers without the newest version': 0,
};
process.on('unhandledRejection', () => {
  found['unhandled rejections'] += 1;
});
/** @type {{ session: ConfigurationSession<any>, name: string, versionOf: (value: any) => number }[]} */
const readers = [];

/** @param {string} person @param {'/all' | '/one'} base @param {'flags' | 'notice'} profile */
function openPage(person, base, profile) {
  const clock = createClock();
  let mayAskAt = -Infinity;
  const agent = agentSource({ endpoint: ORIGIN + base, fetch: fromPage });
  const source = {
    ...agent,
    /** @param {any} request @param {AbortSignal} signal */
    async getLatestConfiguration(request, signal) {
      if (now < mayAskAt - 60) found['polls before the interval was over'] += 1;
      const answer = await agent.getLatestConfiguration(request, signal);
      mayAskAt = now + 1_000 * (answer.nextPollIntervalInSeconds ?? 0);
      return answer;
    },
  };
  const isOne = base === '/one';
  const session = new ConfigurationSession({
    ...NAME,
    profile,
    source: isOne && random() < 0.5 ? experimentSource(source, []) : source,
    clock,
    random,
    ...(isOne && { entityId: person, context: { user: person } }),
    onError: () => {},
    decode: ({ bytes, contentType }) => {
      const text = new TextDecoder().decode(bytes);
      return contentType?.startsWith('text/plain') ? text : JSON.parse(text);
    },
  });
  const owner = isOne && !person.includes(',') ? person : NOBODY;
  const versionOf = (/** @type {any} */ value) =>
    profile === 'flags' ? value.mine.version : Number(/^version (\d+)$/.exec(value)?.[1]);
  let hadValue = false;
  const look = () => {
    const value = session.last?.value;
    if (value === undefined) {
      if (hadValue) found['lost configurations'] += 1;
      return;
    }
    hadValue = true;
    if (profile === 'flags' && value.mine?.owner !== owner) {
      found["another person's values"] += 1;
      say(`${person}, not ${owner}: ${JSON.stringify(value)}`);
    }
    const shown =
      profile === 'flags' ? [value.mine?.version, value.same?.version] : [versionOf(value)];
    if (shown.some((each) => each !== shown[0] || !(each >= 1 && each <= version))) {
      found['values of no version'] += 1;
    }
  };
  const poll = async () => {
    await session.poll().catch(() => undefined);
    look();
    schedule(() => void poll(), Math.max(10, session.msUntilNextPoll));
  };
  schedule(() => void poll(), 2_000 * random());
  readers.push({ session, name: `${person} ${base} ${profile}`, versionOf });
  return clock;
}
const clocks = [
  ...['one', 'two', 'three', 'four'].flatMap((name) => [
    openPage(name, '/all', 'flags'),
    openPage(name, '/all', 'notice'),
  ]),
  ...PEOPLE.flatMap((person) => [
    openPage(person, '/one', 'flags'),
    openPage(person, '/one', 'flags'),
  ]),
  openPage('ann', '/one', 'notice'),
];

const EVENTS = {
  'process restarted': () => {
    const index = Math.floor(random() * PROCESSES);
    processes[index] = startProcess(index);
  },
  'cache emptied': () => stored.clear(),
  'clock of a page set': () => pick(clocks).set(pick([-3, 3]) * 60 * MINUTE_MS),
  'clock of a process set': () => pick(processes).clock.set(pick([-3, 3]) * 60 * MINUTE_MS),
  'version deployed': deploy,
};
// --- what happens

await runUntil(() => now > 3 * MINUTE_MS);
if (readers.some(({ session }) => !session.last)) throw new Error('Not everybody has begun.');
isCalm = false;
/** @type {Map<string, number>} */
const events = new Map();
while (total() < FAULTS) {
  const kind = pick(Object.keys(EVENTS));
  EVENTS[/** @type {keyof typeof EVENTS} */ (kind)]();
  events.set(kind, (events.get(kind) ?? 0) + 1);
  const end = now + MINUTE_MS * (1 + 2 * random());
  await runUntil(() => now > end);
}
const raged = now;
deploy();
isCalm = true;
// An hour of Retry-After, which the last fault may have asked for, is waited for as well.
await runUntil(() => now > raged + 60 * MINUTE_MS + CALM_MS);
const late = readers.filter(({ session, versionOf }) => versionOf(session.last?.value) !== version);
found['readers without the newest version'] = late.length;
found['requests to another origin'] = leaks;

say('| fault | times |\n| --- | ---: |');
for (const [kind, times] of [...struck, ...events]) say(`| ${kind} | ${times} |`);
say(
  `\n${total()} requests struck in ${struck.size} ways, ${(raged / 3_600_000).toFixed(1)} simulated hours, ${readers.length} readers, ${PROCESSES} processes, ${[...upstreamCalls.values()].reduce((sum, calls) => sum + calls, 0)} calls to the Agent; seed ${seed}.\n`,
);
say('| invariant | found | allowed |\n| --- | ---: | ---: |');
for (const [what, times] of Object.entries(found)) say(`| ${what} | ${times} | 0 |`);
for (const { name, session } of late.slice(0, 5)) {
  say(
    `late: ${name}, ${JSON.stringify(session.last?.value)}, next poll in ${Math.round(session.msUntilNextPoll / SECOND_MS)} s, ${session.error?.message}`,
  );
}
const broken = Object.entries(found).filter(([, times]) => times > 0);
for (const [what] of broken) say(`BROKEN: ${what}`);
process.exit(broken.length > 0 ? 1 : 0);
