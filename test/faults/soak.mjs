// A client on the emulator through ten simulated days at an interval of 15 s, with faults and versions:
//   npm run test:faults:soak      prints the heap every twelve hours; from the third day on it must stay flat,
// which single samples do not show: the collector leaves some 300 kB more at one time than at another
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { QueryClient } from '@tanstack/react-query';
import { createEmulator, emulatorRequestHandler } from '../../dist/entries/emulator.js';
import { AppConfigClient, appConfigQuery } from '../../dist/entries/index.js';
import { appConfigDataSource } from '../../dist/entries/appconfigdata.js';
import { createRandom } from './random.mjs';

const INTERVAL_IN_SECONDS = 15;
const HOURS = 240;
/** Until then the emulator fills: it remembers the sessions of a day, as the service does. */
const FLAT_FROM_HOURS = 48;
const SAMPLED_EACH_HOURS = 12;
const FLAGS = 200;
const NAME = { application: 'shop', environment: 'production' };
const PROFILE = 'flags';
/** What the heap may grow by from the first half of the flat days to the second, on average. */
const FLAT_BYTES = 250_000;

setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = runInNewContext('gc');
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

const random = createRandom(1);
let now = 0;
const clock = {
  now: () => now,
  monotonicNow: () => now,
  schedule(/** @type {() => void} */ callback, /** @type {number} */ delayMs) {
    const timeout = setTimeout(callback, delayMs);
    return () => clearTimeout(timeout);
  },
};
const emulator = createEmulator({
  clock,
  pollIntervalInSeconds: INTERVAL_IN_SECONDS,
  historyLength: 100,
});
let version = 0;
const deploy = () => {
  version += 1;
  const flags = Array.from({ length: FLAGS }, (_, index) => [
    `flag-${index}`,
    { enabled: random() < 0.5, version, title: `Title ${Math.floor(random() * 1e6)}` },
  ]);
  emulator.deploy({ ...NAME, profile: PROFILE, content: Object.fromEntries(flags) });
};
deploy();
const queryClient = new QueryClient();
let failures = 0;
const client = new AppConfigClient({
  ...NAME,
  source: appConfigDataSource(
    new AppConfigDataClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: emulatorRequestHandler(emulator),
      maxAttempts: 1,
    }),
  ),
  queryClient,
  clock,
  random,
  onError: () => {
    failures += 1;
  },
});
const query = appConfigQuery(client, PROFILE);
const FAULTS = /** @type {const} */ ([
  { kind: 'error', status: 503, times: 3 },
  { kind: 'error', status: 429, times: 1 },
  { kind: 'reset', times: 2 },
  { kind: 'expired', times: 1 },
]);

/** @type {number[]} */
const heaps = [];
let polls = 0;
let faults = 0;
while (now < HOURS * 3_600_000) {
  if (now >= (heaps.length + 1) * SAMPLED_EACH_HOURS * 3_600_000) {
    collectGarbage();
    heaps.push(process.memoryUsage().heapUsed);
  }
  if (random() < 0.05) {
    emulator.inject(FAULTS[Math.floor(random() * FAULTS.length)] ?? FAULTS[0]);
    faults += 1;
  }
  if (random() < 0.02) deploy();
  try {
    await queryClient.fetchQuery(query);
    polls += 1;
  } catch {
    // Counted where it is reported, in onError.
  }
  now += 1.1 * INTERVAL_IN_SECONDS * 1_000;
}
collectGarbage();
heaps.push(process.memoryUsage().heapUsed);
client.dispose();

say(
  `${HOURS} simulated hours: ${polls} polls answered, ${version} versions, ${faults} faults injected, ${failures} errors reported, ${emulator.violations.length} rules of the protocol broken.\n`,
);
say('| after | heap |\n| ---: | ---: |');
for (const [index, bytes] of heaps.entries()) {
  const hours = Math.min(HOURS, (index + 1) * SAMPLED_EACH_HOURS);
  say(`| ${hours} h | ${(bytes / 1_000_000).toFixed(2)} MB |`);
}
const flat = heaps.slice(FLAT_FROM_HOURS / SAMPLED_EACH_HOURS);
const average = (/** @type {number[]} */ values) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const half = Math.floor(flat.length / 2);
const growth = average(flat.slice(half)) - average(flat.slice(0, half));
say(
  `\nFrom the first half of the days after ${FLAT_FROM_HOURS} h to the second: ${Math.round(growth / 1_000)} kB.`,
);
if (growth > FLAT_BYTES || emulator.violations.length > 0) {
  say('BROKEN: the heap grows, or a rule of the protocol was broken.');
  process.exitCode = 1;
}
