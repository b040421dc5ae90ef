// How many people a handler keeps, at what cost: memory, calls upstream, upstream dead, a burst of strangers.
//   npm run bench:people [-- 100000]
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { agentSource } from '../../dist/entries/agent.js';
import { createAppConfigHandler } from '../../dist/entries/server.js';

const PEOPLE = Number(process.argv[2] ?? 100_000);
const STRANGERS = 20_000;
/** So many different answers there are. */
const GROUPS = 8;
const LATER_MS = 67_000;
const ROUTE = 'http://localhost/applications/shop/environments/production/configurations/flags';
const FLAGS = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`flag-${index}`, { enabled: index % 2 === 0, index }]),
);
setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');

let asked = 0;
let isDead = false;
let time = 0;
const groupOf = (/** @type {string | null} */ entity) => Number(entity?.split('-').at(-1)) % GROUPS;
const source = agentSource({
  endpoint: 'http://agent',
  fetch: async (_, init) => {
    asked += 1;
    if (isDead) throw new TypeError('fetch failed');
    const headers = new Headers(init?.headers);
    const group = groupOf(headers.get('Entity-Id'));
    const ETag = `"${group}"`;
    if (headers.get('If-None-Match') === ETag) {
      return new Response(null, { status: 304, headers: { ETag } });
    }
    return new Response(JSON.stringify({ ...FLAGS, group: { enabled: true, group } }), {
      headers: { ETag, 'Configuration-Version': '1', 'Content-Type': 'application/json' },
    });
  },
});
const handler = createAppConfigHandler({
  application: 'shop',
  environment: 'production',
  source,
  acceptEntityId: true,
  profiles: { flags: { allow: 'all' } },
  onError: () => {},
  clock: {
    now: () => 1_800_000_000_000 + time,
    monotonicNow: () => time,
    schedule: (callback, delayMs) => {
      const timeout = setTimeout(callback, delayMs);
      return () => clearTimeout(timeout);
    },
  },
});

/** The group that somebody is answered with, or the status. @param {string} entity */
async function ask(entity) {
  /** @type {Promise<unknown>[]} */
  const underWay = [];
  const request = new Request(ROUTE, { headers: { 'Entity-Id': entity } });
  const answer = await handler(request, {
    waitUntil: (/** @type {Promise<unknown>} */ promise) => underWay.push(promise),
  });
  const text = await answer.text();
  await Promise.all(underWay);
  return answer.status === 200 ? JSON.parse(text).group.group : answer.status;
}

function heap() {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

await ask('0');
const before = heap();
/** Everybody asks once. @param {string} what */
async function round(what) {
  asked = 0;
  let wrong = 0;
  for (let person = 0; person < PEOPLE; person += 1) {
    if ((await ask(`person-${person}`)) !== person % GROUPS) wrong += 1;
  }
  const each = Math.round((heap() - before) / PEOPLE);
  process.stdout.write(`| ${what} | ${asked} | ${wrong} | ${each} |\n`);
}
process.stdout.write(
  `${PEOPLE} people\n\n| | calls upstream | wrong answers | bytes a person |\n| --- | ---: | ---: | ---: |\n`,
);
await round('for the first time');
await round('again in the interval');
time += LATER_MS;
await round('an interval later');
isDead = true;
time += LATER_MS;
await round('upstream dead');
for (let stranger = 0; stranger < STRANGERS; stranger += 1) await ask(`${Math.random()}-3`);
await round(`after ${STRANGERS} strangers`);
