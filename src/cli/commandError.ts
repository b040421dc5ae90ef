import { AppConfigError } from '../errors/index.ts';

/** A mistake that the user of the command can fix: only its message is shown. */
export class CommandError extends Error {}

/** Whether an error is about what stands in a file. */
export function isAboutContent(error: unknown): error is AppConfigError | CommandError {
  return error instanceof AppConfigError || error instanceof CommandError;
}

/** What an error says, in a message. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
