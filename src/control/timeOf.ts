/** A moment of the emulator's clock, as people read it. */
export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
