import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const COMMAND = 'dist/cli/index.js';

/** The program of the package, as built. */
export function findCommand(): string {
  if (existsSync(COMMAND)) return COMMAND;
  throw new Error('Build the package first: npm run build.');
}

/** Runs `react-appconfig` to its end. */
export function runCommand(...parameters: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [findCommand(), ...parameters], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  return { status, stdout, stderr };
}
