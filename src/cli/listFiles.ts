import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from './commandError.ts';
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
  const entries = await readFolder(folder);
  const files = namesOf(entries, false);
  if (files.some((file) => readFileName(file) ?? readExperimentsFileName(file))) return files;
  const below = namesOf(entries, true).map((name) => listBelow(folder, name, 1));
  return [...files, ...(await Promise.all(below)).flat()];
}

/** Folders that hold something else. */
export function isOtherFolder(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

async function listBelow(root: string, path: string, depth: number): Promise<readonly string[]> {
  const entries = await readFolder(join(root, path));
  const files = namesOf(entries, false).map((name) => `${path}/${name}`);
  const folders = depth < MAX_DEPTH ? namesOf(entries, true) : [];
  const below = folders.map((name) => listBelow(root, `${path}/${name}`, depth + 1));
  return [...files, ...(await Promise.all(below)).flat()];
}

function namesOf(entries: readonly Dirent[], isFolder: boolean): readonly string[] {
  return entries
    .filter((entry) => entry.isDirectory() === isFolder && !(isFolder && isOtherFolder(entry.name)))
    .map(({ name }) => name);
}

async function readFolder(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The folder ${folder} cannot be read: ${reason}`);
  }
}
