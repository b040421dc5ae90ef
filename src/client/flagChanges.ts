import { isSameStructure } from '../configuration/index.ts';
import { findOwn, type KnownFlags, type UntypedFlag } from '../flags/index.ts';

/** What another version has brought. */
export interface FlagsChange {
  readonly profile: string;
  readonly fromVersionLabel: string | undefined;
  readonly toVersionLabel: string | undefined;
  /** The flags that are not what they were: `from` is undefined for a new one, `to` for one that is gone. */
  readonly flags: readonly {
    readonly flag: string;
    readonly from: UntypedFlag | undefined;
    readonly to: UntypedFlag | undefined;
  }[];
}

interface VersionOfFlags extends Pick<KnownFlags, 'loaded'> {
  readonly versionLabel?: string | undefined;
}

/** What differs between two versions; undefined without two, or if nothing does. */
export function compareFlags(
  before: VersionOfFlags | undefined,
  after: VersionOfFlags,
): Omit<FlagsChange, 'profile'> | undefined {
  const { loaded: from, versionLabel: fromVersionLabel } = before ?? {};
  const { loaded: to, versionLabel: toVersionLabel } = after;
  if (!from || !to) return undefined;
  const flags = Object.keys({ ...from, ...to })
    .map((flag) => ({ flag, from: findOwn(from, flag), to: findOwn(to, flag) }))
    .filter((change) => !isSameStructure(change.from, change.to));
  return flags.length > 0 ? { fromVersionLabel, toVersionLabel, flags } : undefined;
}
