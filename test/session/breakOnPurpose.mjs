// Proves that the model test can fail: breaks the session in a copy of the project, one rule at a time,
// and says which invariant caught it. Run it with `npm run test:breaks`.
import { spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const SESSION = 'src/session/session.ts';
const GATE = 'src/session/pollGate.ts';
const CALLER = 'src/session/sourceCaller.ts';
const BREAKS = [
  {
    rule: 'a token is sent at most once',
    file: SESSION,
    from: 'const taken = token;\n    token = undefined;',
    to: 'const taken = token;',
  },
  {
    rule: 'no call comes before the interval is over',
    file: SESSION,
    from: 'gate.closeFor(withJitter(intervalMs, random));',
    to: 'gate.closeFor(intervalMs * 0.99);',
  },
  {
    rule: 'no token is spent because a clock was set',
    file: GATE,
    from: 'monotonicMsLeft() > EARLY_TIMER_MS && isPastByWallClock(),',
    to: 'false,',
  },
  {
    rule: 'at most one request is in flight',
    file: SESSION,
    from: 'if (inFlight) return inFlight;',
    to: '',
  },
  {
    rule: 'an expired token is not sent',
    file: SESSION,
    from: 'return ageMs < TOKEN_LIFE_MS && !',
    to: 'return !',
  },
  {
    rule: 'the last good configuration is never lost',
    file: 'src/session/configurationSession.ts',
    from: 'const { pollCount } = this;\n    await this.#session.poll();',
    to: 'const { pollCount } = this;\n    await this.#session.poll().catch((error) => {\n      this.#last = undefined;\n      throw error;\n    });',
  },
  {
    rule: 'the newest version arrives once the faults stop',
    file: SESSION,
    from: 'gate.closeFor(backoffMs(error, backoffWindowMs, random));',
    to: 'gate.closeFor(backoffWindowMs > 4_000 ? Number.POSITIVE_INFINITY : backoffMs(error, backoffWindowMs, random));',
  },
  {
    rule: 'nothing is left after dispose',
    file: CALLER,
    from: 'timers.endAll();',
    to: '',
  },
];

breakOnPurpose(BREAKS, (cwd) => {
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['vitest', 'run', '--project', 'node', 'test/session/configurationSession.property.test.ts'],
    { cwd, encoding: 'utf8', env: { ...process.env, SESSION_MODEL_RUNS: '1000', NO_COLOR: '1' } },
  );
  if (status === 0) return undefined;
  const caught = /AssertionError: ([^:\n]+):|Caused by: [A-Za-z]*Error: ([^\n]+)/.exec(
    stdout + stderr,
  );
  return caught?.[1] ?? caught?.[2] ?? 'the run itself';
});
