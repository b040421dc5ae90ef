import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * @typedef {object} Break
 * @property {string} rule what the break breaks
 * @property {string} file the file to break, from the project's root
 * @property {string} from text that is in the file once
 * @property {string} to what to put in its place
 */

/**
 * Proves that a check can fail: breaks the source, one rule at a time, says what caught each break,
 * and puts everything back. The process fails if a break was not caught.
 *
 * @param {readonly Break[]} breaks
 * @param {() => string | undefined} findCatcher runs the check and returns what caught the break
 */
export function breakOnPurpose(breaks, findCatcher) {
  const files = [...new Set(breaks.map(({ file }) => file))];
  if (execFileSync('git', ['status', '--porcelain', ...files], { encoding: 'utf8' })) {
    throw new Error(`Commit ${files.join(', ')} first: they are rewritten and put back.`);
  }
  for (const { rule, file, from, to } of breaks) {
    const original = readFileSync(file, 'utf8');
    if (original.split(from).length !== 2) throw new Error(`Not found once in ${file}: ${from}`);
    writeFileSync(file, original.replace(from, to));
    try {
      const catcher = findCatcher();
      if (catcher === undefined) process.exitCode = 1;
      process.stdout.write(`${rule}: ${catcher ? `caught by "${catcher}"` : 'NOT CAUGHT'}\n`);
    } finally {
      writeFileSync(file, original);
    }
  }
}
