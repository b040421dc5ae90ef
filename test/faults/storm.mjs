// Lets 10,000 sessions go through one outage and counts what comes back at the service, second by second:
//   npm run test:faults:storm      prints the peaks and draws storybook/pictures/storm.svg
// Real sessions and the AWS SDK, on the emulator; time is moved by hand.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { createEmulator, emulatorRequestHandler } from '../../dist/entries/emulator.js';
import { ConfigurationSession } from '../../dist/entries/session.js';
import { appConfigDataSource } from '../../dist/entries/appconfigdata.js';
import { createRandom } from './random.mjs';

const CLIENTS = 10_000;
const TICK_MS = 250;
const STEADY_SECONDS = 70;
const AFTER_SECONDS = 330;
const ALLOWED = 2;
/** A single second of some hundred requests is a coin's; what a service has to bear is not. */
const WINDOW_SECONDS = 5;
/** With their highest value in place of random ones, waits are as long as can be, and all alike. */
const WITHOUT_JITTER = () => 1;
const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
/** @type {{ title: string, outageSeconds: number, startTogether: boolean, retryAfterInSeconds?: number }[]} */
const OUTAGES = [
  { title: 'An outage of one minute', outageSeconds: 60, startTogether: false },
  { title: 'An outage of ten minutes', outageSeconds: 600, startTogether: false },
  {
    title: 'An outage of ten minutes, in whose first second all clients start',
    outageSeconds: 600,
    startTogether: true,
  },
  {
    title: 'An outage of ten minutes with a Retry-After of one',
    outageSeconds: 600,
    startTogether: false,
    retryAfterInSeconds: 60,
  },
];

/** A clock that goes on in ticks: what falls due within one happens in it. */
function createTickingClock() {
  /** @type {Map<number, Set<() => void>>} */
  const ticks = new Map();
  let now = 0;
  return {
    now: () => now,
    monotonicNow: () => now,
    /** @param {() => void} callback @param {number} delayMs */
    schedule(callback, delayMs) {
      const tick = Math.ceil((now + Math.max(1, delayMs)) / TICK_MS);
      const due = ticks.get(tick) ?? new Set();
      ticks.set(tick, due.add(callback));
      return () => due.delete(callback);
    },
    tick() {
      now += TICK_MS;
      const due = ticks.get(now / TICK_MS) ?? [];
      ticks.delete(now / TICK_MS);
      for (const callback of due) callback();
    },
  };
}

/**
 * The requests of each second from the beginning to the end.
 * @param {(typeof OUTAGES)[number]} outage @param {boolean} hasJitter
 */
async function weather({ outageSeconds, startTogether, retryAfterInSeconds }, hasJitter) {
  const clock = createTickingClock();
  const emulator = createEmulator({ clock, historyLength: 1 });
  emulator.deploy({ ...NAME, content: 'one', contentType: 'text/plain' });
  /** @type {number[]} */
  const requests = [];
  let underWay = 0;
  const isBusy = () => underWay > 0;
  /** @template Answer @param {Promise<Answer>} answer */
  const count = async (answer) => {
    const second = Math.floor(clock.now() / 1_000);
    requests[second] = (requests[second] ?? 0) + 1;
    underWay += 1;
    try {
      return await answer;
    } finally {
      underWay -= 1;
    }
  };
  const handler = emulatorRequestHandler(emulator);
  /** @type {import('../../dist/entries/emulator.js').EmulatorRequestHandler} */
  const counted = { ...handler, handle: (...call) => count(handler.handle(...call)) };
  const source = appConfigDataSource(
    new AppConfigDataClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: counted,
    }),
  );
  const seeded = createRandom(1);
  const random = hasJitter ? seeded : WITHOUT_JITTER;
  const beginOutage = () =>
    emulator.inject({ kind: 'error', status: 503, times: Infinity, retryAfterInSeconds });
  if (startTogether) beginOutage();
  for (let index = 0; index < CLIENTS; index += 1) {
    const session = new ConfigurationSession({
      ...NAME,
      source,
      clock,
      random,
      decode: ({ bytes }) => bytes.byteLength,
    });
    const pollAgain = () => {
      const again = () => void clock.schedule(pollAgain, session.msUntilNextPoll);
      session.poll().then(again, again);
    };
    clock.schedule(pollAgain, (startTogether ? 1 : 63) * 1_000 * seeded());
  }
  const outageAt = startTogether ? 0 : STEADY_SECONDS;
  const recoveredAt = outageAt + outageSeconds;
  while (clock.now() < (recoveredAt + AFTER_SECONDS) * 1_000) {
    if (clock.now() === outageAt * 1_000 && !startTogether) beginOutage();
    if (clock.now() === recoveredAt * 1_000) emulator.clearFaults();
    clock.tick();
    do {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    } while (isBusy());
  }
  if (emulator.violations.length > 0) throw new Error('A session broke a rule of the protocol.');
  const perSecond = Array.from({ length: recoveredAt + AFTER_SECONDS }, (_, s) => requests[s] ?? 0);
  return { perSecond, outageAt, recoveredAt };
}

/** One request per client and interval: a minute plus, on average, half of its jitter. */
const STEADY = CLIENTS / 63;
const times = (/** @type {number} */ requests) => `${(requests / STEADY).toFixed(2)}×`;
/** The most requests a second, on average over some. @param {number[]} perSecond */
const peakOf = (perSecond) =>
  Math.max(
    ...perSecond.map((_, second) => {
      const window = perSecond.slice(second, second + WINDOW_SECONDS);
      return window.reduce((sum, requests) => sum + requests, 0) / WINDOW_SECONDS;
    }),
  );
const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

say(
  `${CLIENTS.toLocaleString('en')} clients, ${STEADY.toFixed(0)} requests a second in steady weather; peaks of ${WINDOW_SECONDS} seconds, as ratios to that.\n`,
);
say('| | amid the outage | after it | without jitter: amid | after |');
say('| --- | ---: | ---: | ---: | ---: |');
const panels = [];
for (const outage of OUTAGES) {
  const jittered = await weather(outage, true);
  const bare = await weather(outage, false);
  const peaks = [jittered, bare].map(({ perSecond, outageAt, recoveredAt }) => ({
    // When all start together, their first second is beyond our control.
    amid: peakOf(perSecond.slice(outageAt + (outage.startTogether ? 2 : 0), recoveredAt)),
    after: peakOf(perSecond.slice(recoveredAt)),
  }));
  say(
    `| ${outage.title} | ${peaks.flatMap(({ amid, after }) => [times(amid), times(after)]).join(' | ')} |`,
  );
  if ((peaks[0]?.after ?? Infinity) > ALLOWED * STEADY) {
    say(`over ${ALLOWED}×: ${outage.title}`);
    process.exitCode = 1;
  }
  panels.push({ title: outage.title, jittered, bare });
}

const LEFT = 44;
const WIDTH = 700;
const PANEL = 110;
const GAP = 44;
const MOST = 5;
const height = panels.length * (PANEL + GAP) + 30;
const drawings = panels.map(({ title, jittered, bare }, index) => {
  const top = 26 + index * (PANEL + GAP);
  const seconds = jittered.perSecond.length;
  const x = (/** @type {number} */ second) => (LEFT + (WIDTH * second) / seconds).toFixed(1);
  const y = (/** @type {number} */ requests) =>
    (top + PANEL * (1 - Math.min(MOST, requests / STEADY) / MOST)).toFixed(1);
  const line = (/** @type {number[]} */ values) =>
    values.map((value, second) => `${x(second)},${y(value)}`).join(' ');
  return `<text x="${LEFT}" y="${top - 8}" font-weight="bold">${title}</text>
<rect x="${x(jittered.outageAt)}" y="${top}" width="${((WIDTH * (jittered.recoveredAt - jittered.outageAt)) / seconds).toFixed(1)}" height="${PANEL}" fill="#f6e3e1"/>
${[1, ALLOWED].map((ratio) => `<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y(ratio * STEADY)}" y2="${y(ratio * STEADY)}" stroke="#9aa0b4" stroke-dasharray="${ratio === 1 ? '1 3' : '5 4'}"/><text x="${LEFT - 6}" y="${Number(y(ratio * STEADY)) + 4}" text-anchor="end">${ratio}×</text>`).join('\n')}
<polyline points="${line(bare.perSecond)}" fill="none" stroke="#d4813f" stroke-width="0.8" opacity="0.7"/>
<polyline points="${line(jittered.perSecond)}" fill="none" stroke="#4b46c8" stroke-width="1.2"/>
<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${top + PANEL}" y2="${top + PANEL}" stroke="#9aa0b4"/>
<text x="${LEFT + WIDTH}" y="${top + PANEL + 14}" text-anchor="end" fill="#6a7085">${Math.round(seconds / 60)} minutes</text>`;
});
writeFileSync(
  fileURLToPath(new URL('../../storybook/pictures/storm.svg', import.meta.url)),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LEFT + WIDTH + 16} ${height}" width="${LEFT + WIDTH + 16}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="#3a4052">
<rect width="100%" height="100%" fill="#ffffff" rx="8"/>
${drawings.join('\n')}
<text x="${LEFT}" y="${height - 10}" fill="#6a7085">Requests a second as a ratio to steady weather; red: the outage; blue: with jitter, orange: without (cut off at ${MOST}×).</text>
</svg>
`,
);
