import { isSameStructure } from '../configuration/index.ts';
import {
  evaluateFlag,
  evaluateFlags,
  isFlagKnown,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import { warnOfMissingFlag } from './developmentWarnings.ts';
import type { FlagAnswers } from './flagAnswers.ts';
import { perObject } from './memoize.ts';
import type { Profile, ProfileFlag, ProfileFlags } from './profile.ts';
import { deriveStore, type Store } from './store.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** A flag, shared by all of its readers. */
export const flagStoreOf = /* @__PURE__ */ ofFlag('flag', selectFlag);

/** Whether a flag is on. */
export const flagEnabledStoreOf = /* @__PURE__ */ ofFlag(
  'enabled',
  (flags, key) => evaluateFlag(flags, key).flag.enabled,
);

/** A flag as `<Feature>` shows it. */
export const featureStoreOf = /* @__PURE__ */ ofFlag('feature', (flags, key, last) => {
  const flag = selectFlag(flags, key, last?.flag);
  const isPending = !flags.isSettled && !isFlagKnown(flags, key);
  return last?.flag === flag && last.isPending === isPending ? last : { flag, isPending };
});

/** A flag and where it comes from. */
export const flagDetailsStoreOf = /* @__PURE__ */ ofFlag('details', (flags, key, last) => {
  const { reason, versionLabel } = evaluateFlag(flags, key);
  const { error } = flags;
  const flag = selectFlag(flags, key, last?.flag);
  const isSame =
    last?.flag === flag &&
    last.reason === reason &&
    last.error === error &&
    last.versionLabel === versionLabel;
  return isSame ? last : { flag, variant: flag._variant, reason, versionLabel, error };
});

/** All flags, with the defaults of those that are not known. */
export const allFlagsStoreOf = /* @__PURE__ */ perObject((profile: Profile) =>
  deriveStore<ProfileFlags, UntypedFeatureFlags>(profile.flags, (flags, last) => {
    const next = evaluateFlags(flags);
    return last && isSameStructure(last, next) ? last : next;
  }),
);

/** One question about a flag: one store per flag, shared by all readers. */
function ofFlag<Question extends keyof FlagAnswers>(
  question: Question,
  step: (
    flags: ProfileFlags,
    key: string,
    last: FlagAnswers[Question] | undefined,
  ) => FlagAnswers[Question],
) {
  return (flag: ProfileFlag): Store<FlagAnswers[Question]> => {
    const { profile, key, stores } = flag;
    const known = stores[question];
    if (known) return known;
    const store = deriveStore<ProfileFlags, FlagAnswers[Question]>(
      profile.flags,
      (flags, last) => step(flags, key, last),
      () => {
        profile.noteRead(flag);
        if (process.env.NODE_ENV !== 'production') warnIfMissing(profile, key);
      },
    );
    Object.assign(stores, { [question]: store });
    return store;
  };
}

/** A flag that equals what its readers already have is not a reason to render. */
function selectFlag(flags: ProfileFlags, key: string, last: UntypedFlag | undefined): UntypedFlag {
  const { flag } = evaluateFlag(flags, key);
  return last && isSameStructure(last, flag) ? last : flag;
}

const missingOf = /* @__PURE__ */ perObject((_profile: Profile) => new Set<string>());

function warnIfMissing(profile: Profile, key: string): void {
  const flags = profile.flags.getSnapshot();
  const missing = missingOf(profile);
  if (missing.has(key) || evaluateFlag(flags, key).reason !== 'missing') return;
  missing.add(key);
  warnOfMissingFlag(profile.name, key, Object.keys(flags.loaded ?? {}));
}
