#!/usr/bin/env node
import { check, CHECK_HELP } from './check.ts';
import { CommandError } from './commandError.ts';
import { emulate, EMULATE_HELP } from './emulate.ts';
import { types, TYPES_HELP } from './types/index.ts';

/** Each command, and its help, whose first line is how it is called. */
const COMMANDS = new Map([
  ['emulate', { run: emulate, help: EMULATE_HELP, isFor: 'AWS AppConfig on this machine' }],
  ['check', { run: check, help: CHECK_HELP, isFor: 'what AWS would refuse of a folder' }],
  ['types', { run: types, help: TYPES_HELP, isFor: 'types of a folder’s flags for the hooks' }],
]);
const HELP = `${[...COMMANDS.values()]
  .map(({ help, isFor }) => `${(help.split('\n', 1)[0] ?? '').padEnd(35)}${isFor}`)
  .join('\n')}

Each of them tells more with --help.
`;

// The reader of the output has closed it, as `head` does.
process.stdout.on('error', () => process.exit());

const isHelp = (part: string | undefined) => part === '--help' || part === '-h';
const [name, ...parameters] = process.argv.slice(2);
const command = COMMANDS.get(name ?? '');
try {
  if (command && parameters.some(isHelp)) process.stdout.write(command.help);
  else if (command) await command.run(parameters);
  else if (name === undefined || isHelp(name)) process.stdout.write(HELP);
  else throw new CommandError(`There is no command "${name}".\n\n${HELP}`);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
