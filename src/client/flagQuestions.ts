import { isSameStructure } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import {
  evaluateFlag,
  evaluateFlags,
  type FlagReason,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import type { ReadableProfile } from './appConfigProfile.ts';
import { perObject } from './memoize.ts';
import type { ProfileFlags } from './profileView.ts';
import type { Selection } from './selection.ts';

/** A flag and where it comes from. */
export interface FlagDetails<AnyFlag = UntypedFlag> {
  readonly flag: AnyFlag;
  /** The variant of a multi-variant flag. */
  readonly variant: string | undefined;
  readonly reason: FlagReason;
  /** The label of the version that the flag comes from, if it has one. */
  readonly versionLabel: string | undefined;
  /** Why the newest poll failed or its content cannot be used. */
  readonly error: AppConfigError | undefined;
}

/** A question about one flag of a profile, with one answer for all who ask it. */
export type FlagQuestion<Value> = (profile: ReadableProfile, key: string) => Selection<Value>;

/**
 * Makes a question that hooks ask about a flag.
 *
 * @param read answers it from what is known; returns the last answer if nothing in it changed
 */
export function askFlag<Value>(
  read: (flags: ProfileFlags, key: string, last: Value | undefined) => Value,
): FlagQuestion<Value> {
  const selectionsOf = perObject(
    (_profile: ReadableProfile) => new Map<string, Selection<Value>>(),
  );
  return (profile, key) => {
    const selections = selectionsOf(profile);
    let selection = selections.get(key);
    if (!selection) {
      selection = profile.select<Value>((flags, last) => read(flags, key, last), { flag: key });
      selections.set(key, selection);
    }
    return selection;
  };
}

/** A flag that equals what its readers already have is not a reason to render. */
export function readFlag(
  flags: ProfileFlags,
  key: string,
  last: UntypedFlag | undefined,
): UntypedFlag {
  const { flag } = evaluateFlag(flags, key);
  return last && isSameStructure(last, flag) ? last : flag;
}

/** The same for all flags, with the defaults of those that are not known. */
export function readFlags(
  flags: ProfileFlags,
  last: UntypedFeatureFlags | undefined,
): UntypedFeatureFlags {
  const next = evaluateFlags(flags);
  return last && isSameStructure(last, next) ? last : next;
}
