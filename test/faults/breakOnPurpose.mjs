// Proves that the fault campaign can fail: for each of its invariants, breaks the source and runs the
// short form. Run it with `npm run test:faults:breaks`; it takes eleven minutes.
import { execFileSync, spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const SESSION = 'src/session/session.ts';
const BACKOFF = 'src/session/backoff.ts';
const ANSWER = 'src/session/validAnswer.ts';
const PROFILE = 'src/client/profile.ts';
const FLAGS = 'src/client/flagQuestions.ts';
const BREAKS = [
  {
    rule: 'a token is sent at most once',
    file: SESSION,
    from: 'const taken = token;\n    token = undefined;',
    to: 'const taken = token;',
  },
  {
    rule: 'no poll comes before the interval is over',
    file: SESSION,
    from: 'gate.closeFor(withJitter(intervalMs, random));',
    to: 'gate.closeFor(intervalMs * 0.9);',
  },
  {
    rule: 'a token that expired while the machine slept is not sent',
    file: SESSION,
    from: 'return ageMs < TOKEN_LIFE_MS && !',
    to: 'return !',
  },
  {
    rule: 'a failed poll does not take the configuration from a page',
    file: PROFILE,
    from: 'service: good?.document,',
    to: 'service: view.error ? undefined : good?.document,',
  },
  {
    rule: 'a failed poll does not take the configuration from a session',
    file: SESSION,
    from: 'update({ error });',
    to: 'update({ error, last: undefined });',
  },
  {
    rule: 'all components of a page show one version',
    file: FLAGS,
    from: 'return last && isSameStructure(last, flag) ? last : flag;',
    to: "return last && (isSameStructure(last, flag) || (key === 'flag-7' && last.enabled)) ? last : flag;",
  },
  {
    rule: 'a failed poll causes no unhandled rejection',
    file: SESSION,
    from: 'inFlight = pollAfter(waitMs).finally(() => {\n        inFlight = undefined;\n      });\n      return inFlight;',
    to: 'inFlight = pollAfter(waitMs);\n      void inFlight.finally(() => {\n        inFlight = undefined;\n      });\n      return inFlight;',
  },
  {
    rule: 'nothing is logged',
    file: SESSION,
    from: 'error.profile ??= profile;',
    to: 'error.profile ??= profile;\n    console.warn(error.message);',
  },
  {
    rule: 'a session never gives up',
    file: SESSION,
    from: 'backoffWindowMs *= 2;',
    to: 'backoffWindowMs *= 2;\n    if (backoffWindowMs > 1_000_000) gate.closeFor(Number.POSITIVE_INFINITY);\n    if (backoffWindowMs > 1_000_000) return report(error);',
  },
  {
    rule: 'a page of a captive portal is never a configuration',
    file: ANSWER,
    from: 'if (ArrayBuffer.isView(configuration) && nextToken && isInterval) {',
    to: 'if (isPage(answer)) return { ...answer, nextToken: "page", nextPollIntervalInSeconds: 60 };\n  if (ArrayBuffer.isView(configuration) && nextToken && isInterval) {',
  },
  {
    rule: 'a session comes back within five minutes',
    file: BACKOFF,
    from: 'return Math.max(MIN_BACKOFF_MS, retryAfterMs(error) + randomMs);',
    to: 'return retryAfterMs(error) + 50 * 60_000 * random() + randomMs;',
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
