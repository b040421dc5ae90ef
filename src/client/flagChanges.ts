import { isSameStructure } from '../configuration/index.ts';
import type { KnownFlags, UntypedFlag } from '../flags/index.ts';

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

interface VersionOfFlags extends KnownFlags {
  readonly versionLabel: string | undefined;
}

/** What differs between two versions, whatever was set by hand; undefined without two, or if nothing does. */
export function compareFlags(
  before: VersionOfFlags,
  after: VersionOfFlags,
): Omit<FlagsChange, 'profile'> | undefined {
  if (!before.loaded || !after.loaded) return undefined;
  const byHand = { ...before.overrides, ...after.overrides };
  const keys = new Set([...Object.keys(before.loaded), ...Object.keys(after.loaded)]);
  const flags = [...keys]
    .filter((flag) => !Object.hasOwn(byHand, flag))
    .map((flag) => ({ flag, from: before.loaded?.[flag], to: after.loaded?.[flag] }))
    .filter(({ from, to }) => !isSameStructure(from, to));
  if (flags.length === 0) return undefined;
  return { fromVersionLabel: before.versionLabel, toVersionLabel: after.versionLabel, flags };
}
