import { isServer, type Clock, type ConfigurationSource } from '../session/index.ts';
import { onceForEach } from './registry.ts';

const FREE_STARTS = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Whose sessions are counted together. */
interface Starter {
  readonly source: ConfigurationSource;
  readonly application: string;
  readonly environment: string;
}

/** The sources of one name that were asked and have not been used since, and when that was seen last. */
interface Unused {
  readonly sources: WeakSet<ConfigurationSource>;
  count: number;
  readonly at: number;
}

function unused(): Map<string, Unused> {
  return onceForEach('unused', globalThis, () => new Map<string, Unused>());
}

function keyOf({ source, application, environment }: Starter): string {
  return JSON.stringify([source.name, application, environment]);
}

/** One of them is in use: whatever was wrong is over. */
export function forgetUnused(starter: Starter): void {
  unused().delete(keyOf(starter));
}

/**
 * Milliseconds to wait before a source may be asked for a render that React may throw away. The next render goes
 * on with the same session, unless its source is another one each time: that is what is counted.
 */
export function delayOfUnused(starter: Starter, clock: Clock): number {
  // On a server nothing is ever committed.
  if (isServer()) return 0;
  const at = clock.now();
  const known = unused().get(keyOf(starter));
  const isRecent = known && Math.abs(at - known.at) <= MAX_DELAY_MS;
  const { sources, count } = isRecent ? known : { sources: new WeakSet(), count: 0 };
  if (sources.has(starter.source)) return 0;
  sources.add(starter.source);
  unused().set(keyOf(starter), { sources, count: count + 1, at });
  return count < FREE_STARTS
    ? 0
    : Math.min(FIRST_DELAY_MS * 2 ** (count - FREE_STARTS), MAX_DELAY_MS);
}
