import { readFile, writeFile } from 'node:fs/promises';
import { CommandError, reasonOf } from '../commandError.ts';
import { needFolder, parseOptions } from '../parseOptions.ts';
import { describeProfiles } from './describeProfiles.ts';
import { readProfiles } from './readProfiles.ts';

export const TYPES_HELP = `react-appconfig types folder

Types for the hooks: each flag with its attributes, each freeform document. The folder holds one file a configuration,
named as for react-appconfig emulate. To get one from AWS:

  aws appconfig get-hosted-configuration-version --application-id abc1234 --configuration-profile-id def5678 \\
    --version-number 7 flags/shop:production:flags.json

An attribute that is not required may be missing. Without constraints, as in documents that the service has delivered, types
are those of the values; a freeform document is described as it is now.

  --out FILE          writes FILE, such as src/appconfig.d.ts, and not to the terminal
  --check             writes nothing, and fails if FILE is not what it would write
  --application NAME  reads the configurations of this application alone
`;

/**
 * Writes the types of a folder's configurations.
 *
 * @throws CommandError for options and folders that cannot be used, and for a file that is out of date.
 */
export async function types(parameters: readonly string[]): Promise<void> {
  const { values, positionals } = parseOptions(
    parameters,
    {
      out: { type: 'string' },
      check: { type: 'boolean' },
      application: { type: 'string' },
    },
    TYPES_HELP,
  );
  const folder = needFolder(positionals, TYPES_HELP);
  const { out, check = false, application } = values;
  if (check && out === undefined) throw new CommandError('--check needs --out FILE to compare.');
  const text = describeProfiles(await readProfiles(folder, application));
  if (out === undefined) process.stdout.write(text);
  else if (!check) await save(out, text);
  else if ((await readIfThere(out)) !== text) {
    throw new CommandError(
      `${out} is not what ${folder} says. Run it again without --check, and commit ${out}.`,
    );
  }
}

/** @throws CommandError */
async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
