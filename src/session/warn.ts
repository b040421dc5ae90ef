/** Writes a line to the console: for development alone, so every call stands behind a check of `NODE_ENV`. */
export function warn(message: string): void {
  // oxlint-disable-next-line no-console -- what only a developer can see and mend
  console.warn(`react-appconfig: ${message}`);
}
