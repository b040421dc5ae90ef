/** A moment as it stands before a line: `12:30:05`. */
export function timeOfDay(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
