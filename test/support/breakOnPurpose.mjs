import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} Break
 * @property {string} rule what the break breaks
 * @property {string} file the file to break, from the project's root
 * @property {string} from text that is in the file once
 * @property {string} to what to put in its place
 * @property {string} [test] the file of tests that has to catch it
 */

/**
 * Proves that a check can fail: breaks the source in a copy of the project, one rule at a time, and
 * says what caught each break. The process fails if a break was not caught. With `--check` nothing is
 * broken: it only finds out whether the texts to break are still there.
 *
 * @param {readonly Break[]} breaks
 * @param {(folder: string, broken?: Break) => string | undefined} findCatcher runs the check in the copy,
 * given what is broken, and returns what caught the break
 */
export function breakOnPurpose(breaks, findCatcher) {
  for (const { file, from } of breaks) {
    const found = readFileSync(file, 'utf8').split(from).length - 1;
    if (found !== 1) throw new Error(`${found} times in ${file}, not once: ${from}`);
  }
  if (process.argv.includes('--check')) return;
  const folder = mkdtempSync(join(tmpdir(), 'broken-on-purpose-'));
  try {
    const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
    for (const file of tracked.filter(Boolean)) cpSync(file, join(folder, file));
    for (const installed of ['node_modules', 'test/react-18/node_modules']) {
      symlinkSync(join(process.cwd(), installed), join(folder, installed));
    }
    const own = findCatcher(folder);
    if (own !== undefined) throw new Error(`It fails unbroken, too: ${own}`);
    for (const broken of breaks) {
      const { rule, file, from, to } = broken;
      const original = readFileSync(file, 'utf8');
      writeFileSync(
        join(folder, file),
        original.replace(from, () => to),
      );
      const catcher = findCatcher(folder, broken);
      writeFileSync(join(folder, file), original);
      if (catcher === undefined) process.exitCode = 1;
      process.stdout.write(`${rule}: ${catcher ? `caught by "${catcher}"` : 'NOT CAUGHT'}\n`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
