import { isServer, systemClock, type Clock, type ConfigurationSource } from '../session/index.ts';
import { onceForAll } from './registry.ts';

const FREE_STARTS = 3;
const MAX_COUNTED = 10;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** The sources of one name whose sessions were answered and never used. */
interface Unused {
  readonly sources: Set<ConfigurationSource>;
  readonly at: number;
}

function countsByName(): Map<string, Unused> {
  return onceForAll('unused sessions', () => new Map<string, Unused>());
}

function find(name: string, { now }: Clock): Unused | undefined {
  const found = countsByName().get(name);
  return found && Math.abs(now() - found.at) < MAX_DELAY_MS ? found : undefined;
}

/**
 * A session was answered, and nobody subscribes to it so far. What React throws away begins anew with the
 * same session, unless its source is another one each time: that is what is counted.
 */
export function countUnused(source: ConfigurationSource, clock: Clock = systemClock): void {
  // On a server nobody ever subscribes.
  if (isServer()) return;
  const sources = find(source.name, clock)?.sources ?? new Set();
  if (sources.size < MAX_COUNTED) sources.add(source);
  countsByName().set(source.name, { sources, at: clock.now() });
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnused({ name }: ConfigurationSource): void {
  countsByName().delete(name);
}

/** Milliseconds to wait before a source may be asked that nobody has used yet, like those before it. */
export function delayOfUnused(source: ConfigurationSource, clock: Clock = systemClock): number {
  const sources = find(source.name, clock)?.sources;
  const excess = sources && !sources.has(source) ? sources.size - FREE_STARTS : -1;
  return excess < 0 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** excess, MAX_DELAY_MS);
}
