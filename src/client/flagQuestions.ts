import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError, TypeMismatchError, type AppConfigError } from '../errors/index.ts';
import {
  attributeKind,
  evaluateFlag,
  evaluateFlags,
  findAttribute,
  isFlagKnown,
  type AttributeKind,
  type AttributeValue,
  type FlagReason,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import type { ReadableProfile } from './appConfigProfile.ts';
import { perName, perObject } from './memoize.ts';
import type { ProfileFlags } from './profileView.ts';
import type { Selection } from './selection.ts';

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
  const answersOf = perObject((profile: ReadableProfile) =>
    perName((key) => profile.select<Value>((flags, last) => read(flags, key, last), { flag: key })),
  );
  return (profile, key) => answersOf(profile)(key);
}

/** A flag that equals what its readers already have is not a reason to render. */
function readFlag(flags: ProfileFlags, key: string, last: UntypedFlag | undefined): UntypedFlag {
  const { flag } = evaluateFlag(flags, key);
  return last && isSameStructure(last, flag) ? last : flag;
}

/** A flag, shared by all of its readers. */
export const flagOf = /* @__PURE__ */ askFlag(readFlag);

/** Whether a flag is on. */
export const isFlagEnabled = /* @__PURE__ */ askFlag(
  (flags, key) => evaluateFlag(flags, key).flag.enabled,
);

/** A flag as `<Feature>` shows it. */
export const featureOf = /* @__PURE__ */ askFlag<FeatureState>((flags, key, last) => {
  const flag = readFlag(flags, key, last?.flag);
  const isPending = !flags.isSettled && !isFlagKnown(flags, key);
  return last?.flag === flag && last.isPending === isPending ? last : { flag, isPending };
});

/** A flag and where it comes from. */
export const flagDetailsOf = /* @__PURE__ */ askFlag<FlagDetails>((flags, key, last) => {
  const { reason, versionLabel } = evaluateFlag(flags, key);
  const { error } = flags;
  const flag = readFlag(flags, key, last?.flag);
  const isSame =
    last?.flag === flag &&
    last.reason === reason &&
    last.error === error &&
    last.versionLabel === versionLabel;
  return isSame ? last : { flag, variant: flag._variant, reason, versionLabel, error };
});

/** All flags, with the defaults of those that are not known. */
export const allFlagsOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  profile.select<UntypedFeatureFlags>((flags, last) => {
    const next = evaluateFlags(flags);
    return last && isSameStructure(last, next) ? last : next;
  }),
);

/** An attribute, if it is of the default's type; else why it is not used. */
interface AttributeAnswer {
  readonly value: AttributeValue | undefined;
  readonly error: AppConfigError | undefined;
}

function askAttribute(
  profile: ReadableProfile,
  key: string,
  attribute: string,
  kind: AttributeKind,
): Selection<AttributeAnswer> {
  return profile.select<AttributeAnswer>(
    (flags, last) => {
      const value = findAttribute(evaluateFlag(flags, key).flag, attribute);
      const actual = attributeKind(value) ?? typeof value;
      if (value === undefined || actual === kind) {
        return last && !last.error && last.value === value ? last : { value, error: undefined };
      }
      if (last?.error) return last;
      const error = new TypeMismatchError(
        process.env.NODE_ENV !== 'production' &&
          `${key}.${attribute} is of type ${actual}, not ${kind} like the default, which is used. Change the default or the attribute.`,
        { profile: profile.name },
      );
      return { value: undefined, error };
    },
    { flag: key, errorOf: ({ error }) => error },
  );
}

const attributesOf = /* @__PURE__ */ perObject(
  (_profile: ReadableProfile) => new Map<string, Selection<AttributeAnswer>>(),
);

/**
 * One attribute of a flag; undefined while it does not have the default's type, which is reported
 * once.
 *
 * @throws InvalidArgumentError for a default that no attribute can be equal to.
 */
export function attributeOf(
  profile: ReadableProfile,
  key: string,
  attribute: string,
  defaultValue: AttributeValue,
): Selection<AttributeAnswer> {
  const kind = attributeKind(defaultValue);
  if (!kind) {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `The default for ${key}.${attribute} must be a string, a number, a boolean or an array of strings or numbers. Give useFlagValue one as its third argument.`,
      { profile: profile.name },
    );
  }
  const answers = attributesOf(profile);
  const question = JSON.stringify([key, attribute, kind]);
  const known = answers.get(question);
  if (known) return known;
  const made = askAttribute(profile, key, attribute, kind);
  answers.set(question, made);
  return made;
}

const arraysOf = /* @__PURE__ */ perObject(
  (_profile: ReadableProfile) => new Map<string, AttributeValue>(),
);

/** The same array for what is equal: an effect may depend on a default that is written inline. */
export function toSameDefault(
  profile: ReadableProfile,
  defaultValue: AttributeValue,
): AttributeValue {
  if (!Array.isArray(defaultValue)) return defaultValue;
  const arrays = arraysOf(profile);
  const text = JSON.stringify(defaultValue);
  const same = arrays.get(text) ?? defaultValue;
  arrays.set(text, same);
  return same;
}
