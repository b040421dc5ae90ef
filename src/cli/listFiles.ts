import { readdir } from 'node:fs/promises';
import { CommandError } from './commandError.ts';

/** The names of the files of a folder, without those of folders in it. @throws CommandError */
export async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The folder ${folder} cannot be read: ${reason}`);
  }
}
