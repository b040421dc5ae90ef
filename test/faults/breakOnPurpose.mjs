// Proves that the fault campaign can fail: for each of its invariants, breaks the source and runs the
// short form. Run it with `npm run test:faults:breaks`; it takes eleven minutes.
import { execFileSync, spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const SESSION = 'src/session/configurationSession.ts';
const BACKOFF = 'src/session/backoff.ts';
const VIEW = 'src/client/configurationView.ts';
const FLAGS = 'src/client/flagStores.ts';
const BREAKS = [
  {
    rule: 'a token is sent at most once',
    file: SESSION,
    from: 'const token = this.#token;\n    this.#token = undefined;',
    to: 'const token = this.#token;',
  },
  {
    rule: 'no poll comes before the interval is over',
    file: SESSION,
    from: 'this.#waitFor(withJitter(intervalMs, this.#random));',
    to: 'this.#waitFor(intervalMs * 0.9);',
  },
  {
    rule: 'a token that expired while the machine slept is not sent',
    file: SESSION,
    from: 'return ageMs < TOKEN_LIFE_MS ? token : undefined;',
    to: 'return token;',
  },
  {
    rule: 'a failed poll does not take the configuration from a page',
    file: VIEW,
    from: 'if (good) return',
    to: 'if (good && !error) return',
  },
  {
    rule: 'a failed poll does not take the configuration from a session',
    file: SESSION,
    from: 'this.#backoffMs *= 2;',
    to: 'this.#backoffMs *= 2;\n    this.#last = undefined;',
  },
  {
    rule: 'all components of a page show one version',
    file: FLAGS,
    from: 'if (found !== seen) {',
    to: "if (found !== seen && !(seen && key === 'flag-7')) {",
  },
  {
    rule: 'a failed poll is nobody’s unhandled rejection',
    file: SESSION,
    from: 'return (this.#inFlight ??= this.#pollAfter(waitMs).finally(() => {\n      this.#inFlight = undefined;\n    }));',
    to: 'this.#inFlight ??= this.#pollAfter(waitMs);\n    void this.#inFlight.finally(() => {\n      this.#inFlight = undefined;\n    });\n    return this.#inFlight;',
  },
  {
    rule: 'nothing is logged',
    file: SESSION,
    from: 'error.profile ??= this.#options.profile;',
    to: 'error.profile ??= this.#options.profile;\n    console.warn(error.message);',
  },
  {
    rule: 'a session never gives up',
    file: SESSION,
    from: 'this.#backoffMs *= 2;',
    to: 'this.#backoffMs *= 2;\n    if (this.#backoffMs > 1_000_000) this.#notBefore = Number.POSITIVE_INFINITY;\n    if (this.#backoffMs > 1_000_000) return this.#report(error);',
  },
  {
    rule: 'a session comes back within five minutes',
    file: BACKOFF,
    from: 'return leaveAloneMs + Math.min(windowMs, LONGEST_BACKOFF_MS) * random();',
    to: 'return leaveAloneMs + 50 * 60_000 * random();',
  },
];

breakOnPurpose(BREAKS, (cwd) => {
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { cwd });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['test/faults/campaign.mjs', '--short'],
    { cwd, encoding: 'utf8' },
  );
  if (status === 0) return undefined;
  const broken = [...stdout.matchAll(/^BROKEN: (.*)$/gm)].map(([, invariant]) => invariant);
  return broken.length > 0 ? broken.join(', ') : `the run itself: ${stderr.slice(-500)}`;
});
