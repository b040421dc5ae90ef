import { isServer, type Clock, type ConfigurationSource } from '../session/index.ts';
import { onceForAll } from './registry.ts';

const FREE_STARTS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Whose sessions are counted together. */
interface Starter {
  readonly source: ConfigurationSource;
  readonly application: string;
  readonly environment: string;
}

/** The sources of one name whose sessions were answered and never used, and when that was seen last. */
interface Unused {
  readonly sources: WeakSet<ConfigurationSource>;
  count: number;
  at: number;
}

function find({ source, application, environment }: Starter, clock: Clock): Unused {
  const unused = onceForAll('unused', () => new Map<string, Unused>());
  const key = JSON.stringify([source.name, application, environment]);
  let found = unused.get(key);
  const now = clock.now();
  if (!found || Math.abs(now - found.at) > MAX_DELAY_MS) {
    found = { sources: new WeakSet(), count: 0, at: now };
  }
  unused.set(key, found);
  return found;
}

/**
 * A session was answered for a render that React may throw away. The next one begins anew with the same session,
 * unless its source is another one each time: that is what is counted.
 */
export function countUnused(starter: Starter, clock: Clock): void {
  const found = find(starter, clock);
  if (!found.sources.has(starter.source)) found.count += 1;
  found.sources.add(starter.source);
  found.at = clock.now();
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnused(starter: Starter, clock: Clock): void {
  find(starter, clock).count = 0;
}

/** Milliseconds to wait before a source may be asked that nobody has used yet, like those before it. */
export function delayOfUnused(starter: Starter, clock: Clock): number {
  // On a server nothing is ever committed.
  if (isServer()) return 0;
  const { sources, count } = find(starter, clock);
  const excess = sources.has(starter.source) ? -1 : count - FREE_STARTS;
  return excess < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** excess, MAX_DELAY_MS);
}
