import { isServer, type Clock, type ConfigurationSource } from '../session/index.ts';
import { onceForAll } from './registry.ts';

const FREE_STARTS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** The sources of one name whose sessions were answered and never used, and when that was seen last. */
interface Unused {
  readonly sources: Set<ConfigurationSource>;
  at: number;
}

function find({ name }: ConfigurationSource, clock: Clock): Unused {
  const unused = onceForAll('unused', () => new Map<string, Unused>());
  let found = unused.get(name);
  const now = clock.now();
  if (!found || Math.abs(now - found.at) > MAX_DELAY_MS) found = { sources: new Set(), at: now };
  unused.set(name, found);
  return found;
}

/**
 * A session was answered, and nobody subscribes to it so far. What React throws away begins anew with the
 * same session, unless its source is another one each time: that is what is counted.
 */
export function countUnused(source: ConfigurationSource, clock: Clock): void {
  // On a server nobody ever subscribes.
  if (isServer()) return;
  const found = find(source, clock);
  found.sources.add(source);
  found.at = clock.now();
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnused(source: ConfigurationSource, clock: Clock): void {
  find(source, clock).sources.clear();
}

/** Milliseconds to wait before a source may be asked that nobody has used yet, like those before it. */
export function delayOfUnused(source: ConfigurationSource, clock: Clock): number {
  const { sources } = find(source, clock);
  const excess = sources.has(source) ? -1 : sources.size - FREE_STARTS;
  return excess < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** excess, MAX_DELAY_MS);
}
