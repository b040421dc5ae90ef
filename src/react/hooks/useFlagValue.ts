'use client';

import {
  perObject,
  type AttributeName,
  type AttributeOf,
  type DefaultFlagsProfileName,
  type DeprecatedFlagKey,
  type FlagKey,
  type FlagsProfileName,
  type ReadableProfile,
  type Selection,
} from '../../client/index.ts';
import {
  InvalidArgumentError,
  TypeMismatchError,
  type AppConfigError,
} from '../../errors/index.ts';
import {
  attributeKind,
  evaluateFlag,
  findAttribute,
  type AttributeKind,
  type AttributeValue,
} from '../../flags/index.ts';
import { useClientFor, useStore } from '../index.ts';
import type { AnyFlagHookOptions, FlagHookOptions } from './flagHookOptions.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

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
function attributeOf(
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
function toSameDefault(profile: ReadableProfile, defaultValue: AttributeValue): AttributeValue {
  if (!Array.isArray(defaultValue)) return defaultValue;
  const arrays = arraysOf(profile);
  const text = JSON.stringify(defaultValue);
  const same = arrays.get(text) ?? defaultValue;
  arrays.set(text, same);
  return same;
}

/**
 * @deprecated This flag is deprecated in AWS AppConfig: take the code that reads it away.
 */
export function useFlagValue<
  const Default extends AttributeValue,
  Key extends DeprecatedFlagKey<Profile>,
  Attribute extends AttributeName<Profile, Key>,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
>(
  key: Key,
  attribute: Attribute,
  defaultValue: Default & NoInfer<AttributeOf<Profile, Key, Attribute, Default>>,
  options?: FlagHookOptions<Profile>,
): AttributeOf<Profile, Key, Attribute, Default>;
/**
 * One attribute of a flag. Renders again only when this attribute changes. While the flag is off,
 * missing or not yet known, or has no such attribute, it is the default; so it is if the attribute
 * is of another type than the default, which is reported to the provider's `onError`.
 *
 * @throws InvalidArgumentError for a default that no attribute can be equal to.
 *
 * @example
 * const limit = useFlagValue('new-checkout', 'maxItems', 10);
 */
export function useFlagValue<
  const Default extends AttributeValue,
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
  Key extends FlagKey<Profile> = FlagKey<Profile>,
  Attribute extends AttributeName<Profile, Key> = AttributeName<Profile, Key>,
>(
  key: Key,
  attribute: Attribute,
  defaultValue: Default & NoInfer<AttributeOf<Profile, Key, Attribute, Default>>,
  options?: FlagHookOptions<Profile>,
): AttributeOf<Profile, Key, Attribute, Default>;
export function useFlagValue(
  key: string,
  attribute: string,
  defaultValue: AttributeValue,
  options?: AnyFlagHookOptions,
): unknown {
  const flags = useClientFor('useFlagValue').profile(options?.profile);
  const { value } = useStore(attributeOf(flags, key, attribute, defaultValue));
  return value ?? toSameDefault(flags, defaultValue);
}
