import type { AppConfigClient } from '../client/index.ts';
import { evaluateFlag, type UntypedFlag } from '../flags/index.ts';

/** A flag as the tools show it. */
export interface FlagRow {
  readonly profile: string;
  readonly key: string;
  readonly flag: UntypedFlag;
  readonly reason: string;
  /** How many components on the page read it. */
  readonly readers: number;
}

type Profile = AppConfigClient['profiles'][number];

/** The flags of a profile: those of its document, and those that components read but it lacks. */
export function flagRowsOf(profile: Profile): readonly FlagRow[] {
  const known = profile.flags.getSnapshot();
  const keys = new Set([
    ...Object.keys({ ...known.defaults, ...known.loaded, ...known.overrides }),
    ...profile.askedFlags.keys(),
  ]);
  return Array.from(keys, (key) => {
    const { flag, reason } = evaluateFlag(known, key);
    return { profile: profile.name, key, flag, reason, readers: countReaders(profile, key) };
  });
}

/** Whether a profile holds flags, judged by what hooks have asked for, or by its document. */
export function holdsFlags(profile: Profile): boolean {
  if (profile.askedFlags.size > 0) return true;
  try {
    const { loaded, defaults, error } = profile.flags.getSnapshot();
    return error === undefined && Object.keys({ ...loaded, ...defaults }).length > 0;
  } catch {
    // Its defaults are a document of another kind.
    return false;
  }
}

function countReaders(profile: Profile, key: string): number {
  const flag = profile.askedFlags.get(key);
  const stores = flag ? [...Object.values(flag.stores), ...flag.attributes.values()] : [];
  return stores.reduce((sum, store) => sum + store.listenerCount(), 0);
}
