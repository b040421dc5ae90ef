// Proves that the model test can fail: breaks the session in a copy of the project, one rule at a time,
// and says which invariant caught it. Run it with `npm run test:breaks`.
import { spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const SESSION = 'src/session/configurationSession.ts';
const GATE = 'src/session/pollGate.ts';
const CALLER = 'src/session/sourceCaller.ts';
const BREAKS = [
  {
    rule: 'a token is sent at most once',
    file: SESSION,
    from: 'const token = this.#token;\n    this.#token = undefined;',
    to: 'const token = this.#token;',
  },
  {
    rule: 'no call comes before the interval is over',
    file: SESSION,
    from: 'this.#gate.closeFor(withJitter(intervalMs, this.#random));',
    to: 'this.#gate.closeFor(intervalMs * 0.99);',
  },
  {
    rule: 'no token is spent because a clock was set',
    file: GATE,
    from: 'return this.#monotonicMsLeft() > EARLY_TIMER_MS && this.#isPastByWallClock();',
    to: 'return false;',
  },
  {
    rule: 'at most one request is in flight',
    file: SESSION,
    from: 'if (this.#inFlight) return this.#inFlight;',
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
    file: SESSION,
    from: 'if (this.#error || !snapshot) throw',
    to: 'if (this.#error) this.#last = undefined;\n    if (this.#error || !snapshot) throw',
  },
  {
    rule: 'the newest version arrives once the faults stop',
    file: SESSION,
    from: 'this.#gate.closeFor(backoffMs(error, this.#backoffMs, this.#random));',
    to: 'this.#gate.closeFor(this.#backoffMs > 4_000 ? Number.POSITIVE_INFINITY : backoffMs(error, this.#backoffMs, this.#random));',
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
