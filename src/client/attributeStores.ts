import { InvalidArgumentError, TypeMismatchError } from '../errors/index.ts';
import {
  attributeKind,
  evaluateFlag,
  findAttribute,
  type AttributeKind,
  type AttributeValue,
} from '../flags/index.ts';
import { perObject } from './memoize.ts';
import type { Profile, ProfileFlag, ProfileFlags } from './profile.ts';
import { deriveStore, type CountingStore, type Store } from './store.ts';

/**
 * One attribute of a flag; undefined while it does not have the default's type, which is reported
 * once.
 *
 * @throws InvalidArgumentError for a default that no attribute can be equal to.
 */
export function attributeStoreOf(
  profile: Profile,
  key: string,
  attribute: string,
  defaultValue: AttributeValue,
): Store<AttributeValue | undefined> {
  const kind = attributeKind(defaultValue);
  if (!kind) {
    throw new InvalidArgumentError(
      `The default for ${key}.${attribute} must be a string, a number, a boolean or an array of strings or numbers. Give useFlagValue one as its third argument.`,
      { profile: profile.name },
    );
  }
  const flag = profile.flag(key);
  const question = `${kind} ${attribute}`;
  const known = flag.attributes.get(question);
  if (known) return known;
  const store = createAttributeStore(flag, attribute, kind);
  flag.attributes.set(question, store);
  return store;
}

const arraysOf = /* @__PURE__ */ perObject(
  (_profile: Profile) => new Map<string, AttributeValue>(),
);

/** The same array for what is equal: an effect may depend on a default that is written inline. */
export function toSameDefault(profile: Profile, defaultValue: AttributeValue): AttributeValue {
  if (!Array.isArray(defaultValue)) return defaultValue;
  const arrays = arraysOf(profile);
  const text = JSON.stringify(defaultValue);
  const same = arrays.get(text) ?? defaultValue;
  arrays.set(text, same);
  return same;
}

function createAttributeStore(
  flag: ProfileFlag,
  attribute: string,
  kind: AttributeKind,
): CountingStore<AttributeValue | undefined> {
  const { key } = flag;
  const { flags, name: profile, report, noteRead } = flag.profile;
  let isReported = false;
  const read = (known: ProfileFlags) => findAttribute(evaluateFlag(known, key).flag, attribute);
  return deriveStore<ProfileFlags, AttributeValue | undefined>(
    flags,
    (known) => {
      const value = read(known);
      return attributeKind(value) === kind ? value : undefined;
    },
    () => {
      noteRead(flag);
      const value = read(flags.getSnapshot());
      const actual = attributeKind(value) ?? typeof value;
      if (isReported || value === undefined || actual === kind) return;
      isReported = true;
      report(
        new TypeMismatchError(
          `${key}.${attribute} is of type ${actual}, not ${kind} like the default, which is used. Change the default or the attribute.`,
          { profile },
        ),
      );
    },
  );
}
