import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, reasonOf } from './commandError.ts';
import { readExperimentsFileName, readFileName } from './configurationFile.ts';

/** The folders of an application, and of an environment in it. */
export const MAX_DEPTH = 2;

/**
 * The files of a folder, without those of folders in it. Only if none of them is a configuration, it has them in
 * folders: application/environment/profile.json.
 *
 * @throws CommandError for a folder that cannot be read.
 */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const own = await listDown(folder, 0);
  const isFlat = own.some((file) => readFileName(file) ?? readExperimentsFileName(file));
  return isFlat ? own : listDown(folder, MAX_DEPTH);
}

/** Folders that hold something else. */
export function isOtherFolder(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

async function listDown(folder: string, depth: number): Promise<readonly string[]> {
  const names = (await readFolder(folder)).map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name];
    if (depth === 0 || isOtherFolder(entry.name)) return [];
    const below = await listDown(join(folder, entry.name), depth - 1);
    return below.map((name) => `${entry.name}/${name}`);
  });
  return (await Promise.all(names)).flat();
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new CommandError(`The folder ${folder} cannot be read: ${reasonOf(error)}`);
  }
}
