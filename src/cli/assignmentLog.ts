import { appendFileSync } from 'node:fs';
import type { Emulator } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';
import { createNewEntries } from './newEntries.ts';

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
  const takeNew = createNewEntries(() => emulator.assignments);
  emulator.subscribe(() => {
    const lines = takeNew().map((assignment) => `${JSON.stringify(assignment)}\n`);
    if (lines.length > 0) appendFileSync(file, lines.join(''));
  });
}
