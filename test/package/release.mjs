// Publishes the version that package.json names, if everything that must be true of a release is:
//   npm run release -- --dry-run    checks, and publishes nothing
//   npm run release                 checks, publishes with provenance, and tags
// Provenance needs a runner that npm trusts: https://docs.npmjs.com/generating-provenance-statements
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const isDryRun = process.argv.includes('--dry-run');
/** @param {string} command @param {string[]} parameters */
const read = (command, parameters) =>
  execFileSync(command, parameters, { encoding: 'utf8' }).trim();
/** @param {string} command @param {string[]} parameters */
const run = (command, parameters) => execFileSync(command, parameters, { stdio: 'inherit' });

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const tag = `v${version}`;
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const section = changelog.split(/^## /m).find((part) => part.startsWith(`${version} `)) ?? '';
const problems = [
  !/\n- /.test(section) && `CHANGELOG.md has no section "## ${version} (date)" with a line in it.`,
  /^## Unreleased\n+[^#\s]/m.test(changelog) &&
    'CHANGELOG.md has unreleased lines: give them the version.',
  read('git', ['status', '--porcelain']) !== '' && 'There are changes that are not committed.',
  read('git', ['tag', '--list', tag]) !== '' && `The tag ${tag} exists already.`,
].filter((problem) => problem !== false);
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}
run('npm', ['test']);
run('npm', ['publish', '--provenance', '--access', 'public', ...(isDryRun ? ['--dry-run'] : [])]);
if (!isDryRun) run('git', ['tag', tag]);
