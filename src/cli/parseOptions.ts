import { parseArgs, type ParseArgsConfig } from 'node:util';
import { CommandError } from './commandError.ts';

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
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${reason}\n\n${help}`);
  }
}
