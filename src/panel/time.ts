/** A moment, in milliseconds since 1970, as people read it. */
export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

/** How long it is until something happens, as people read it; nothing for what is past. */
export function describeWait(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
