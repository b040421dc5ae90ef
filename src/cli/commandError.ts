/** A mistake that the user of the command can fix: only its message is shown. */
export class CommandError extends Error {}
