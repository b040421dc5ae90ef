import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentPath } from '../agentRoute/index.ts';
import { readableName } from '../emulator/api/index.ts';
import { createEmulator, type ConfigurationName, type Emulator } from '../emulator/index.ts';
import { multiVariantFlags } from '../emulator/variants/index.ts';
import { CommandError, isAboutContent } from './commandError.ts';
import {
  looksMisnamed,
  NAMING,
  readExperimentsFileName,
  readFileName,
} from './configurationFile.ts';
import { deployFile } from './deployFile.ts';
import { createExperimentsFile } from './experimentsFile.ts';
import { listFiles } from './listFiles.ts';
import { needFolder, parseOptions } from './parseOptions.ts';
import { toPrintable } from './toPrintable.ts';

export const CHECK_HELP = `react-appconfig check folder

Checks each file of a folder as AWS AppConfig does when a version is created and deployed: the schema of feature flags,
constraints of attributes, rules of variants, sizes; and that experiments name flags and variants that are there. Files are
named as for react-appconfig emulate. It fails if there is anything to correct.
`;

const MAX_LINE_LENGTH = 3_000;

/** Checks a folder of configurations. @throws CommandError if there is anything to correct. */
export async function check(parameters: readonly string[]): Promise<void> {
  const { positionals } = parseOptions(parameters, {}, CHECK_HELP);
  const folder = needFolder(positionals, CHECK_HELP);
  const files = await listFiles(folder);
  const emulator = createEmulator({ multiVariantFlags });
  const experiments = createExperimentsFile(emulator);
  let checked = 0;
  let problems = 0;
  const checkFile = async (file: string, apply: (content: Uint8Array) => void | Promise<void>) => {
    checked += 1;
    try {
      await apply(await readFile(join(folder, file)));
      say(`valid: ${file}`);
    } catch (error) {
      if (!isAboutContent(error)) throw error;
      problems += 1;
      say(`not valid: ${file}: ${error.message}`);
    }
  };
  for (const file of files) {
    const name = readFileName(file);
    if (name) await checkFile(file, (content) => deployFile(emulator, name, content));
    else if (looksMisnamed(file)) say(`ignored: ${file}: ${NAMING}`);
  }
  // Afterwards, because an experiment needs its flag.
  for (const file of files) {
    const name = readExperimentsFileName(file);
    if (!name) continue;
    await checkFile(file, (content) => {
      experiments.apply(name, content);
      return needFlagsOfExperiments(emulator, name);
    });
  }
  if (problems > 0) throw new CommandError(`${problems} of ${checked} files must be corrected.`);
  if (checked === 0) throw new CommandError(`There is no configuration in ${folder}: ${NAMING}.`);
}

/** @throws CommandError for an experiment on a flag that its configuration does not have. */
async function needFlagsOfExperiments(emulator: Emulator, name: ConfigurationName): Promise<void> {
  for (const { flag, ...of } of emulator.experiments) {
    if (readableName(of) !== readableName(name)) continue;
    const query = new URLSearchParams({ flag });
    const { status } = await emulator.fetch(
      new Request(`http://localhost${agentPath(name)}?${query}`),
    );
    if (status === 404) throw new CommandError(`${readableName(name)} has no flag "${flag}".`);
  }
}

function say(line: string): void {
  process.stdout.write(`${toPrintable(line, MAX_LINE_LENGTH)}\n`);
}
