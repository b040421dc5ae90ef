import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import { readableName } from '../emulator/api/index.ts';
import type { ConfigurationName, Emulator } from '../emulator/index.ts';
import { isAboutContent, reasonOf } from './commandError.ts';
import {
  looksMisnamed,
  NAMING,
  readExperimentsFileName,
  readFileName,
  toFileName,
  type ConfigurationFile,
} from './configurationFile.ts';
import { deployFile } from './deployFile.ts';
import { createExperimentsFile } from './experimentsFile.ts';
import { isOtherFolder, listFiles, MAX_DEPTH } from './listFiles.ts';

/** Editors write a file in several steps: they are read once, when there is silence. */
const SILENCE_MS = 60;

/** What happened to a file of the folder, in words for the terminal. */
export type TellFolder = (line: string) => void;

/** A folder whose files are deployed, and deployed again whenever they are saved. */
export interface ConfigurationFolder {
  /** Ends the watching. */
  close(): void;
}

/** How a folder is served. */
export interface FolderOptions {
  readonly folder: string;
  /** Whether what is deployed otherwise, as by the control page, is written to its file. */
  readonly isWritten: boolean;
  readonly tell: TellFolder;
}

/**
 * Deploys each file of a folder to an emulator, and again when it changes.
 *
 * @throws CommandError for a folder that cannot be read.
 */
export async function serveFolder(
  emulator: Emulator,
  { folder, isWritten, tell }: FolderOptions,
): Promise<ConfigurationFolder> {
  /** What was read of each file, so that a save without a change deploys nothing. */
  const seen = new Map<string, Uint8Array>();
  /** The last message about each file, so that it is shown once. */
  const told = new Map<string, string>();
  /** The configurations that somebody else has deployed since. */
  const byHand = new Set<string>();
  const experiments = createExperimentsFile(emulator);
  let silence: NodeJS.Timeout | undefined;
  let isDeploying = false;
  let queue = Promise.resolve();

  const tellOnce = (file: string, line: string) => {
    if (told.get(file) === line) return;
    told.set(file, line);
    tell(line);
  };
  const tellProblem = (error: unknown) => {
    tell(`not deployed: ${folder}: ${reasonOf(error)}`);
  };
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work).catch(tellProblem);
  };

  await readAll();
  // Mounted folders report no changes unless they are polled: CHOKIDAR_USEPOLLING does that.
  const watcher = watch(folder, {
    depth: MAX_DEPTH,
    ignored: (path) => relative(folder, path).split(sep).some(isOtherFolder),
    ignoreInitial: true,
    persistent: false,
  });
  watcher.on('all', () => {
    clearTimeout(silence);
    silence = setTimeout(() => enqueue(readAll), SILENCE_MS);
  });
  watcher.on('error', tellProblem);
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  // What was saved after the first look and before the watch began.
  await readAll();
  const unsubscribe = emulator.onEvent(({ 'detail-type': type, detail }) => {
    if (isDeploying || type !== 'On Deployment Start') return;
    const name = {
      application: detail.Application.Name,
      environment: detail.Environment.Name,
      profile: detail.ConfigurationProfile.Name,
    };
    enqueue(() => keep(name, Number(detail.ConfigurationVersion)));
  });
  return {
    close() {
      unsubscribe();
      clearTimeout(silence);
      void watcher.close();
    },
  };

  async function readAll(): Promise<void> {
    const files = await listFiles(folder);
    for (const file of files) {
      if (looksMisnamed(file)) {
        tellOnce(file, `ignored: ${file}: ${NAMING}`);
      }
      const name = readFileName(file);
      if (name) await readOne(file, (content) => deploy(file, name, content));
    }
    // Afterwards, because an experiment needs its flag.
    for (const file of files) {
      const name = readExperimentsFileName(file);
      if (!name) continue;
      await readOne(file, (content) => {
        const count = experiments.apply(name, content);
        tell(`experiments: ${readableName(name)} from ${file}: ${count} of them run`);
      });
    }
    for (const file of seen.keys()) if (!files.includes(file)) forget(file);
  }

  async function readOne(file: string, apply: (content: Uint8Array) => void): Promise<void> {
    try {
      const content = await readFile(join(folder, file));
      const before = seen.get(file);
      if (before && Buffer.compare(before, content) === 0) return;
      seen.set(file, content);
      apply(content);
      told.delete(file);
    } catch (error) {
      const isFromFileSystem = error instanceof Error && 'syscall' in error;
      if (!isAboutContent(error) && !isFromFileSystem) throw error;
      tellOnce(file, `not deployed: ${file}: ${error.message}`);
    }
  }

  function deploy(file: string, name: ConfigurationFile, content: Uint8Array): void {
    isDeploying = true;
    try {
      deployFile(emulator, name, content);
    } finally {
      isDeploying = false;
    }
    const instead = byHand.delete(readableName(name))
      ? ', in place of what was deployed by hand'
      : '';
    tell(`deployed: ${readableName(name)} from ${file}${instead}`);
  }

  function forget(file: string): void {
    seen.delete(file);
    const name = readExperimentsFileName(file);
    if (name) experiments.apply(name, new TextEncoder().encode('[]'));
    tell(
      name
        ? `deleted: ${file}; its experiments are stopped`
        : `deleted: ${file}; its last version stays served`,
    );
  }

  /** Keeps what was deployed elsewhere than in this folder. */
  async function keep(name: ConfigurationName, number: number): Promise<void> {
    const content = emulator.contentOf(name, number);
    if (!content) return;
    const file = fileOf(name, number);
    const what = `deployed: ${readableName(name)} by hand, version ${number}`;
    if (!isWritten) {
      byHand.add(readableName(name));
      tell(`${what}; ${file} differs from it (--write saves it there)`);
    } else if (!readFileName(file)) tell(`${what}; no file can have that name`);
    else {
      seen.set(file, content);
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), content);
      tell(`${what}; written to ${file}`);
    }
  }

  /** The file that a configuration was read from, or would be. */
  function fileOf(name: ConfigurationName, number: number): string {
    const isOfName = (other: ConfigurationName | undefined) =>
      other !== undefined && readableName(other) === readableName(name);
    const known = [...seen.keys()].find((file) => isOfName(readFileName(file)));
    const state = emulator.configurations.find(isOfName);
    const version = state?.versions.find((candidate) => candidate.number === number);
    const isInFolders =
      process.platform === 'win32' || [...seen.keys()].some((file) => file.includes('/'));
    return (
      known ?? toFileName(name, version?.contentType ?? 'application/json', isInFolders ? '/' : ':')
    );
  }
}
