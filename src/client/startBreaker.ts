const FREE_STARTS = 3;
const MAX_COUNTED = 10;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

const startsOf = new Map<string, number[]>();

/**
 * Slows down clients that are made one after the other although none of them is ever used: a render
 * that is thrown away again and again, with a source that is made anew each time.
 *
 * @returns how many milliseconds this client has to wait before it asks for anything.
 */
export function countUnusedClient(key: string, now: number): number {
  const starts = (startsOf.get(key) ?? []).filter((at) => Math.abs(now - at) < MAX_DELAY_MS);
  startsOf.set(key, [...starts.slice(-MAX_COUNTED), now]);
  const excess = starts.length - FREE_STARTS;
  return excess < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** excess, MAX_DELAY_MS);
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnusedClients(key: string): void {
  startsOf.delete(key);
}
