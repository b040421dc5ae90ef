/** Something that whoever typed the command can mend: its message is all that is shown. */
export class CommandError extends Error {}
