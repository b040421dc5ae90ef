import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError, reasonOf } from './commandError.ts';

/**
 * Reads the words after a command.
 *
 * @throws CommandError with the command's help, for an option that it does not have.
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  parameters: readonly string[],
  options: Options,
  help: string,
) {
  try {
    return parseArgs({ args: [...parameters], allowPositionals: true, options });
  } catch (error) {
    throw new CommandError(`${reasonOf(error)}\n\n${help}`);
  }
}

/** The one folder that a command is about. @throws CommandError with the command's help */
export function needFolder(positionals: readonly string[], help: string): string {
  const [folder, ...others] = positionals;
  if (folder !== undefined && others.length === 0) return folder;
  throw new CommandError(`Name one folder.\n\n${help}`);
}
