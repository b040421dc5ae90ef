import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppConfigError } from '../errors/index.ts';
import { findContentProblem } from '../emulator/deployments/index.ts';
import type { Emulator } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';
import { readFileName, type ConfigurationFile } from './configurationFile.ts';

/** Editors write a file in several steps: they are read once, when there is silence. */
const SILENCE_MS = 60;

/** What happened to a file of the folder. */
export interface FolderEvent {
  readonly file: string;
  readonly name: ConfigurationFile;
  /** What is wrong with it; the last good version stays served. */
  readonly problem?: string | undefined;
  /** It is gone; its last version stays served. */
  readonly isDeleted?: boolean | undefined;
}

/** A folder whose files are deployed, and deployed again whenever they are saved. */
export interface ConfigurationFolder {
  /** Ends the watching. */
  close(): void;
}

/**
 * Deploys each file of a folder to an emulator, and again when it changes.
 *
 * @throws CommandError for a folder that cannot be read.
 */
export async function serveFolder(
  emulator: Emulator,
  folder: string,
  onEvent: (event: FolderEvent) => void,
): Promise<ConfigurationFolder> {
  /** What was read of each file, so that a save without a change deploys nothing. */
  const seen = new Map<string, Uint8Array>();
  const served = new Set<string>();
  /** What is wrong with each file, so that it is told once. */
  const problems = new Map<string, string>();
  let silence: NodeJS.Timeout | undefined;
  let reading = Promise.resolve();
  await readAll();

  const onFolderProblem = (error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    onEvent({ file: folder, name: NOWHERE, problem });
  };
  const watcher = watch(folder, { persistent: false }, () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      reading = reading.then(readAll).catch(onFolderProblem);
    }, SILENCE_MS);
  });
  watcher.on('error', onFolderProblem);
  // What was saved after the first look and before the watch began.
  await readAll();
  return {
    close() {
      clearTimeout(silence);
      watcher.close();
    },
  };

  async function readAll(): Promise<void> {
    const files = new Map<string, ConfigurationFile>();
    for (const file of await list(folder)) {
      const name = readFileName(file);
      if (name) files.set(file, name);
    }
    for (const [file, name] of files) await readOne(file, name);
    for (const file of seen.keys()) {
      const name = readFileName(file);
      if (files.has(file) || !name) continue;
      seen.delete(file);
      if (served.delete(file)) onEvent({ file, name, isDeleted: true });
    }
  }

  async function readOne(file: string, name: ConfigurationFile): Promise<void> {
    const event = { file, name };
    try {
      const content = await readFile(join(folder, file));
      const before = seen.get(file);
      if (before && Buffer.compare(before, content) === 0) return;
      seen.set(file, content);
      const problem = findContentProblem(content, name.contentType);
      if (problem) throw new CommandError(problem);
      emulator.deploy({ ...name, content });
      served.add(file);
      problems.delete(file);
      onEvent(event);
    } catch (error) {
      const isExpected = error instanceof AppConfigError || error instanceof CommandError;
      const isFromFileSystem = error instanceof Error && 'syscall' in error;
      if (!isExpected && !isFromFileSystem) throw error;
      if (problems.get(file) === error.message) return;
      problems.set(file, error.message);
      onEvent({ ...event, problem: error.message });
    }
  }
}

const NOWHERE: ConfigurationFile = {
  application: '',
  environment: '',
  profile: '',
  contentType: '',
};

async function list(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The folder ${folder} cannot be read: ${reason}`);
  }
}
