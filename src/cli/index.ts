#!/usr/bin/env node
import { emulate, EMULATE_HELP } from './emulate.ts';
import { CommandError } from './commandError.ts';

const HELP = `react-appconfig emulate [folder]   AWS AppConfig on this machine; see react-appconfig emulate --help
react-appconfig --help             this text
`;

// The reader of the output has closed it, as `head` does.
process.stdout.on('error', () => process.exit());

const [command, ...parameters] = process.argv.slice(2);
try {
  if (command === 'emulate' && parameters.some((part) => part === '--help' || part === '-h')) {
    process.stdout.write(EMULATE_HELP);
  } else if (command === 'emulate') {
    await emulate(parameters);
  } else if (command === undefined || command === '--help' || command === '-h') {
    process.stdout.write(HELP);
  } else {
    throw new CommandError(`There is no command "${command}".\n\n${HELP}`);
  }
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
