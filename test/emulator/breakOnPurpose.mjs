// Proves that the emulator's tests can fail: breaks it in a copy of the project, one rule at a time, and
// says which test caught it. Run it with `npm run test:emulator:breaks`; it takes five minutes.
import { execFileSync, spawnSync } from 'node:child_process';
import { breakOnPurpose } from '../support/breakOnPurpose.mjs';

const FOLDER = 'src/emulator';
const BREAKS = [
  {
    rule: 'a poll that comes too early is refused',
    file: `${FOLDER}/api/sessions.ts`,
    from: 'if (now < session.notBefore) {',
    to: 'if (now < session.notBefore - 2_000) {',
  },
  {
    rule: 'a spent token stays spent',
    file: `${FOLDER}/api/sessions.ts`,
    from: 'if (session.sequence !== parts.sequence) {',
    to: 'if (session.sequence < parts.sequence) {',
  },
  {
    rule: 'an unchanged poll has no body',
    file: `${FOLDER}/api/dataApi.ts`,
    from: 'body: isUnchanged ? null : bytes',
    to: 'body: bytes',
  },
  {
    rule: 'attributes are delivered only while a flag is on',
    file: `${FOLDER}/deployments/flagDocument.ts`,
    from: 'return enabled ? { enabled, ...attributes } : { enabled };',
    to: 'return { enabled, ...attributes };',
  },
  {
    rule: 'a maximum is a maximum',
    file: `${FOLDER}/deployments/checkAttributes.ts`,
    from: 'value > maximum',
    to: 'value > 10 * maximum',
  },
  {
    rule: 'the first variant that matches is served',
    file: `${FOLDER}/deployments/flagVariants.ts`,
    from: 'variants.find((',
    to: 'variants.findLast((',
  },
  {
    rule: 'what is missing from the context makes a comparison false',
    file: `${FOLDER}/variants/rule.ts`,
    from: 'if (ordered === undefined) return false;',
    to: "if (ordered === undefined) return operator === 'ne';",
  },
  {
    rule: 'a split depends on its seed',
    file: `${FOLDER}/variants/split.ts`,
    from: 'fnv1a(value + seed)',
    to: 'fnv1a(value)',
  },
  {
    rule: 'a pattern cannot hang',
    file: `${FOLDER}/variants/pattern.ts`,
    from: 'test: (text) => compiled.test(text), problem',
    to: "test: (text) => new RegExp(pattern, 'u').test(text.slice(0, 30)), problem",
  },
  {
    rule: 'a roll-out never takes back what a session has',
    file: `${FOLDER}/deployments/deployedConfiguration.ts`,
    from: 'const place = hashNumber(`',
    to: 'const place = hashNumber(`${Math.floor(now / 60_000)}',
  },
  {
    rule: 'an entity that has a version keeps it',
    file: `${FOLDER}/api/agentApi.ts`,
    from: 'entityId === undefined ? AGENT : `entity/${entityId}`',
    to: 'AGENT',
  },
  {
    rule: 'a higher exposure moves nobody',
    file: `${FOLDER}/variants/experiments.ts`,
    from: 'placeOf(`treatment/${seed}/${id}`)',
    to: 'placeOf(`treatment/${seed}/${id}/${exposurePercentage}`)',
  },
  {
    rule: 'a member that is misspelt is refused',
    file: `${FOLDER}/deployments/members.ts`,
    from: 'if (this.#known.has(name)) continue;',
    to: 'continue;',
  },
  {
    rule: 'a name that a stranger’s DNS points here controls nothing',
    file: `${FOLDER}/node/controlAccess.ts`,
    from: 'LOOPBACK_NAME.test(host) && ',
    to: '',
  },
  {
    rule: 'a page of another origin controls nothing',
    file: `${FOLDER}/node/controlAccess.ts`,
    from: 'if (origin !== undefined && ',
    to: "if (origin === 'null' && ",
  },
  {
    rule: 'the last good version of a file stays served',
    file: 'src/cli/assertContent.ts',
    from: 'if (problem) throw new CommandError(problem);\n',
    to: '',
  },
];

/** Code that runs in the built package: only a test of the command or its page can catch a break. */
const BUILT = [
  { folder: 'src/cli', tests: 'test/emulator/emulateCommand.test.ts' },
  { folder: 'src/emulator/node', tests: 'test/emulator/controlPage.test.ts' },
];

breakOnPurpose(BREAKS, (cwd, broken) => {
  for (const mode of ['production', 'control']) {
    execFileSync('npx', ['vite', 'build', '--mode', mode, '--logLevel', 'error'], { cwd });
  }
  const built = BUILT.find(({ folder }) => broken?.file.startsWith(folder));
  const tests = built ? ['built', built.tests] : ['node', 'test/emulator'];
  const { status, stdout, stderr } = spawnSync(
    'npx',
    ['vitest', 'run', '--bail', '1', '--project', ...tests],
    { cwd, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  );
  if (status === 0) return undefined;
  return /FAIL +\S+ +(.+)/.exec(stdout + stderr)?.[1] ?? 'the run itself';
});
