/** The longest id or name of an application, environment or profile, in characters. */
export const MAX_IDENTIFIER_LENGTH = 128;
/** The shortest interval between two polls that a client may ask for. */
export const MIN_INTERVAL_IN_SECONDS = 15;
/** The longest interval between two polls. */
export const MAX_INTERVAL_IN_SECONDS = 86_400;
