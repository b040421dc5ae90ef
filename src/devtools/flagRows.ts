import type { AppConfigProfile } from '../client/index.ts';
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

/** The flags of a profile: those of its document, and those that components read but it lacks. */
export function flagRowsOf(profile: AppConfigProfile): readonly FlagRow[] {
  const known = profile.flags;
  const keys = new Set([
    ...Object.keys({ ...known.defaults, ...known.loaded, ...known.overrides }),
    ...profile.askedFlags,
  ]);
  return Array.from(keys, (key) => {
    const { flag, reason } = evaluateFlag(known, key);
    return { profile: profile.name, key, flag, reason, readers: profile.readerCountOf(key) };
  });
}

/** Whether a profile holds flags, judged by what hooks have asked for, or by its document. */
export function holdsFlags(profile: AppConfigProfile): boolean {
  if (profile.askedFlags.length > 0) return true;
  try {
    const { loaded, defaults, error } = profile.flags;
    return error === undefined && Object.keys({ ...loaded, ...defaults }).length > 0;
  } catch {
    // Its defaults are a document of another kind.
    return false;
  }
}
