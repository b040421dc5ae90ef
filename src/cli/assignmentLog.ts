import { appendFileSync } from 'node:fs';
import type { Emulator, TreatmentAssignment } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';

/**
 * Appends a line of JSON for each treatment that an emulator answers.
 *
 * @throws CommandError for a file that cannot be written.
 */
export function logAssignments(emulator: Emulator, file: string): void {
  try {
    appendFileSync(file, '');
  } catch (error) {
    throw new CommandError(`--assignments: ${error instanceof Error ? error.message : file}`);
  }
  let last: TreatmentAssignment | undefined;
  emulator.subscribe(() => {
    const { assignments } = emulator;
    const unwritten = assignments.slice(last ? assignments.lastIndexOf(last) + 1 : 0);
    if (unwritten.length === 0) return;
    last = unwritten.at(-1);
    appendFileSync(file, unwritten.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
}
