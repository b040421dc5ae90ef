// Proves that the checks of production's road can fail: breaks a source, a handler or what a page keeps, one mark at a
// time, and says what caught it. `npm run test:breaks` runs it, in some minutes.
import { execFileSync, spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const PROFILE = 'src/server/serverProfile.ts';
const PROFILES = 'src/server/serverProfiles.ts';
const SOURCE = 'src/sources/agent/createAgentSource.ts';
const TRANSPORT = 'src/sources/agent/serverTransport.ts';
const EXPERIMENTS = 'src/sources/agent/experimentSource.ts';
const HANDLER = 'src/server/createAppConfigHandler.ts';
const CONTENTS = 'src/server/sharedContents.ts';
const HEADERS = 'src/server/headerCache.ts';
const BACKOFF = 'src/session/backoff.ts';
const OVERRIDES = 'src/overrides/browserOverrides.ts';
const RETRIES = 'test/session/configurationSession.test.ts';
/** Those with a test of their own show nothing on the road: something else stands behind it. */
const BREAKS = [
  {
    rule: 'two people whose names differ by a capital are two people',
    file: PROFILES,
    from: ': JSON.stringify([profile, entityId, entries.toSorted(byKey), flagKeys]);',
    to: ': JSON.stringify([profile, entityId, entries.toSorted(byKey), flagKeys]).toLowerCase();',
  },
  {
    rule: 'an answer without a version is none, whatever its ETag',
    file: SOURCE,
    from: 'if (version) return fromHeaderText(version);',
    to: "if (version || headers.has('ETag')) return fromHeaderText(version ?? '');",
  },
  {
    rule: 'who listens to the storage stops with its last reader',
    file: OVERRIDES,
    from: "window.removeEventListener('storage', followTabs);",
    to: '',
    test: 'test/overrides/overrides.test.tsx',
  },
  {
    rule: 'after a Retry-After not all come back at once',
    file: BACKOFF,
    from: 'return Math.max(MIN_BACKOFF_MS, retryAfterMs(error) + randomMs);',
    to: 'return Math.max(MIN_BACKOFF_MS, retryAfterMs(error) || randomMs);',
    test: RETRIES,
  },
  {
    rule: 'a context is a part of who asks',
    file: PROFILES,
    from: 'entityId, entries.toSorted(byKey), flagKeys]',
    to: 'entries.length > 0 ? 1 : entityId, flagKeys]',
  },
  {
    rule: 'what depends on who asks is no shared cache’s',
    file: HANDLER,
    from: 'const isPrivate = authorize !== undefined || isPersonal(options);',
    to: 'const isPrivate = authorize !== undefined;',
  },
  {
    rule: 'a cache may keep nobody’s answer for others',
    file: HEADERS,
    from: "'Cache-Control': isPrivate",
    to: "'Cache-Control': isPrivate && vary === ''",
    test: 'test/server/handlerAttacks.test.ts',
  },
  {
    rule: 'equal hashes are not equal documents',
    file: CONTENTS,
    from: 'bytes.byteLength, hashOf(bytes)]);\n      const known = contents.get(key);\n      if (known && isSameBytes(known.bytes, bytes)) return known;',
    to: 'bytes.byteLength]);\n      const known = contents.get(key);\n      if (known) return known;',
  },
  {
    rule: 'a document belongs to the question that it answers',
    file: EXPERIMENTS,
    from: 'return JSON.stringify([application, environment, profile, entityId, Object.entries(context)]);',
    to: 'return JSON.stringify([application, environment, profile, entityId && Object.keys(context)]);',
  },
  {
    rule: 'who asks is told to no other origin',
    file: TRANSPORT,
    from: 'if (target.origin !== new URL(url).origin || redirects === MAX_REDIRECTS) {',
    to: 'if (redirects === MAX_REDIRECTS) {',
  },
  {
    rule: 'a CDN’s max-age delays nobody by hours',
    file: SOURCE,
    from: 'const MAX_AGE_IN_SECONDS = 3_600;',
    to: 'const MAX_AGE_IN_SECONDS = 86_400;',
  },
  {
    rule: 'a Retry-After closes nothing for days',
    file: BACKOFF,
    from: 'const MAX_RETRY_AFTER_MS = 60 * 60_000;',
    to: 'const MAX_RETRY_AFTER_MS = 86_400_000;',
    test: RETRIES,
  },
  {
    rule: 'a person’s next session begins with that person’s content',
    file: PROFILE,
    from: 'return { ...answer, configuration: value.bytes, contentType, versionLabel };',
    to: 'return answer;',
    test: 'test/server/platforms.test.ts',
  },
  {
    rule: 'the last good configuration stays through a failure',
    file: PROFILE,
    from: 'if (session.last) this.#last ??= session.last;',
    to: 'this.#last = session.last;',
    test: 'test/server/platforms.test.ts',
  },
];

const tests = BREAKS.flatMap(({ test }) => (test ? [test] : []));
breakOnPurpose(BREAKS, (cwd, broken) => {
  if (broken) return broken.test ? findFailure(cwd, [broken.test]) : findBroken(cwd);
  return findFailure(cwd, tests) ?? findBroken(cwd);
});

/** @param {string} cwd @param {readonly string[]} files */
function findFailure(cwd, files) {
  const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', ...files], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  if (status === 0) return undefined;
  return /FAIL .* > (.*)/.exec(stdout + stderr)?.[1] ?? `the run itself: ${stderr.slice(-300)}`;
}

/** @param {string} cwd */
function findBroken(cwd) {
  execFileSync('npx', ['vite', 'build', '--logLevel', 'error'], { cwd });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', 'test/faults/route.mjs', '--short'],
    { cwd, encoding: 'utf8', timeout: 120_000 },
  );
  if (status === 0) return undefined;
  const broken = [...stdout.matchAll(/^BROKEN: (.*)$/gm)].map(([, invariant]) => invariant);
  return broken.length > 0 ? broken.join(', ') : `the run itself: ${stderr.slice(-300)}`;
}
