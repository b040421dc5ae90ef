import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The program of the package, as built. */
export const COMMAND = 'dist/cli/index.js';

/** Runs `react-appconfig` to its end. */
export function runCommand(...parameters: readonly string[]) {
  if (!existsSync(COMMAND)) throw new Error('Build the package first: npm run build.');
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...parameters], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  return { status, stdout, stderr };
}
