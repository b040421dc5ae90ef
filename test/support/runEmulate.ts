import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveFile } from './createFolder.ts';
import { findCommand } from './runCommand.ts';

/** `react-appconfig emulate` as its user runs it: a process of its own, from the built package. */
export interface RunningEmulator {
  readonly url: string;
  readonly folder: string;
  /** Everything it has written. */
  readonly output: () => string;
  /** Waits until it has written something. */
  readonly hasWritten: (pattern: RegExp) => Promise<void>;
  /** Saves a file of its folder. */
  readonly save: (file: string, content: string) => void;
  readonly remove: (file: string) => void;
  /** Does something to it, as the control page does. */
  readonly control: (action: string, input?: object) => Promise<void>;
  readonly stop: () => Promise<number | null>;
}

/** Starts the emulator on a folder of its own, or without one. */
export async function runEmulate(
  files: Readonly<Record<string, string>> | undefined,
  ...options: readonly string[]
): Promise<RunningEmulator> {
  const folder = mkdtempSync(join(tmpdir(), 'emulate-'));
  const save = (file: string, content: string) => saveFile(folder, file, content);
  for (const [file, content] of Object.entries(files ?? {})) save(file, content);
  const served = files ? [folder] : [];
  const child = spawn(process.execPath, [
    findCommand(),
    'emulate',
    ...served,
    '--port',
    '0',
    ...options,
  ]);
  let output = '';
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', resolve);
  });
  const hasWritten = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(output)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without ${pattern}: ${output}`)));
    });
  await hasWritten(/curl/);
  const url = /http:\/\/[\w.:[\]]+/.exec(output)?.[0] ?? '';
  return {
    url,
    folder,
    output: () => output,
    hasWritten,
    save,
    remove: (file) => rmSync(join(folder, file)),
    async control(action, input = {}) {
      const response = await fetch(`${url}/control/${action}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async stop() {
      child.kill();
      const code = await ended;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
