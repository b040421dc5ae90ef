const FREE_STARTS = 3;
const MAX_COUNTED = 10;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

const startsOf = new Map<string, number[]>();

/**
 * Slows down sessions that are started one after the other although none of them is ever used: a
 * render that is thrown away again and again, with a client that is made anew each time.
 *
 * @returns how many milliseconds this start has to wait.
 */
export function countUnusedStart(key: string, now: number): number {
  const starts = (startsOf.get(key) ?? []).filter((at) => Math.abs(now - at) < MAX_DELAY_MS);
  startsOf.set(key, [...starts.slice(-MAX_COUNTED), now]);
  const excess = starts.length - FREE_STARTS;
  return excess < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** excess, MAX_DELAY_MS);
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnusedStarts(key: string): void {
  startsOf.delete(key);
}
