import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError, TypeMismatchError, type AppConfigError } from '../errors/index.ts';
import {
  attributeKind,
  checkFeatureFlags,
  evaluateFlag,
  evaluateFlags,
  findAttribute,
  isFlagKnown,
  type AttributeKind,
  type AttributeValue,
  type FlagReason,
  type KnownFlags,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import { createCheckedStore } from './checkedStore.ts';
import { warnOfMissingFlag } from './developmentWarnings.ts';
import { perName } from './memoize.ts';
import type { ProfileState } from './profileObserver.ts';
import { deriveStore, type Store } from './store.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

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

/** A flag as `<Feature>` shows it. */
export interface FeatureState {
  readonly flag: UntypedFlag;
  /** True while neither the flag nor a default for it is known. */
  readonly isPending: boolean;
}

/** What {@link createFlagStores} needs. */
export interface FlagStoresOptions {
  profile: string;
  defaults: UntypedFeatureFlags | undefined;
  report: (error: AppConfigError) => void;
}

/** The flags of a profile, a store for each question that a hook asks, shared by all who ask it. */
export interface FlagStores {
  readonly flag: (key: string) => Store<UntypedFlag>;
  readonly enabled: (key: string) => Store<boolean>;
  readonly feature: (key: string) => Store<FeatureState>;
  readonly details: (key: string) => Store<FlagDetails>;
  readonly attribute: (
    key: string,
    name: string,
    defaultValue: AttributeValue,
  ) => Store<AttributeValue | undefined>;
  /** The same array for what is equal: an effect may depend on a default that is written inline. */
  readonly sameDefault: (defaultValue: AttributeValue) => AttributeValue;
  readonly all: Store<UntypedFeatureFlags>;
}

/** What is known of a profile's flags, and how it came. */
interface ProfileFlags extends KnownFlags {
  readonly error: AppConfigError | undefined;
  readonly versionLabel: string | undefined;
  readonly isSettled: boolean;
}

/** Makes the {@link FlagStores} of a profile. */
export function createFlagStores(
  observer: Store<ProfileState>,
  { profile, defaults, report }: FlagStoresOptions,
): FlagStores {
  const checked = createCheckedStore(observer, { profile, check: checkFeatureFlags, report });
  const known = deriveStore(checked, ({ good, error, isStale }): ProfileFlags => ({
    loaded: good?.document,
    defaults,
    isStale,
    error,
    versionLabel: good?.snapshot.versionLabel,
    isSettled: good !== undefined || error !== undefined,
  }));
  const flagOf = (flags: ProfileFlags, key: string, last: UntypedFlag | undefined) => {
    const { flag } = evaluateFlag(flags, key);
    // A flag that turns out to be what its readers took it for is no reason to render.
    return last && isSameStructure(last, flag) ? last : flag;
  };
  const missing = new Set<string>();
  const onFlagUpdate = (key: string) => {
    if (process.env.NODE_ENV === 'production') return;
    const flags = known.getSnapshot();
    if (missing.has(key) || evaluateFlag(flags, key).reason !== 'missing') return;
    missing.add(key);
    warnOfMissingFlag(profile, key, Object.keys(flags.loaded ?? {}));
  };
  const ofFlag = <Value>(
    step: (flags: ProfileFlags, key: string, last: Value | undefined) => Value,
  ) =>
    perName((key) =>
      deriveStore<ProfileFlags, Value>(
        known,
        (flags, last) => step(flags, key, last),
        () => onFlagUpdate(key),
      ),
    );

  const attribute = perName((key) =>
    perName((name) =>
      perName((kind: AttributeKind) =>
        deriveStore<ProfileFlags, AttributeValue | undefined>(
          known,
          (flags) => {
            const value = findAttribute(evaluateFlag(flags, key).flag, name);
            return attributeKind(value) === kind ? value : undefined;
          },
          () => reportMismatch(key, name, kind),
        ),
      ),
    ),
  );

  const mismatches = new Set<string>();
  function reportMismatch(key: string, name: string, kind: AttributeKind): void {
    const value = findAttribute(evaluateFlag(known.getSnapshot(), key).flag, name);
    const actual = attributeKind(value) ?? typeof value;
    const message = `${key}.${name} is of type ${actual}, not ${kind} like the default, which is used. Change the default or the attribute.`;
    if (value === undefined || actual === kind || mismatches.has(message)) return;
    mismatches.add(message);
    report(new TypeMismatchError(message, { profile }));
  }

  const arrays = new Map<string, AttributeValue>();
  function sameDefault(defaultValue: AttributeValue): AttributeValue {
    if (!Array.isArray(defaultValue)) return defaultValue;
    const text = JSON.stringify(defaultValue);
    const same = arrays.get(text);
    if (!same) arrays.set(text, defaultValue);
    return same ?? defaultValue;
  }

  return {
    sameDefault,
    flag: ofFlag(flagOf),
    enabled: ofFlag((flags, key) => evaluateFlag(flags, key).flag.enabled),
    feature: ofFlag<FeatureState>((flags, key, last) => {
      const flag = flagOf(flags, key, last?.flag);
      const isPending = !flags.isSettled && !isFlagKnown(flags, key);
      return last?.flag === flag && last.isPending === isPending ? last : { flag, isPending };
    }),
    details: ofFlag<FlagDetails>((flags, key, last) => {
      const { reason } = evaluateFlag(flags, key);
      const { versionLabel, error } = flags;
      const flag = flagOf(flags, key, last?.flag);
      const isSame =
        last?.flag === flag &&
        last.reason === reason &&
        last.error === error &&
        last.versionLabel === versionLabel;
      return isSame ? last : { flag, variant: flag._variant, reason, versionLabel, error };
    }),
    attribute: (key, name, defaultValue) => {
      const kind = attributeKind(defaultValue);
      if (kind) return attribute(key)(name)(kind);
      throw new InvalidArgumentError(
        `The default for ${key}.${name} must be a string, a number, a boolean or an array of strings or numbers. Give useFlagValue one as its third argument.`,
        { profile },
      );
    },
    all: deriveStore<ProfileFlags, UntypedFeatureFlags>(known, (flags, last) => {
      const next = evaluateFlags(flags);
      return last && isSameStructure(last, next) ? last : next;
    }),
  };
}
