import { isSameStructure } from '../configuration/index.ts';
import { findOwn, type UntypedFeatureFlags, type UntypedFlag } from '../flags/index.ts';

/** What has changed, by the names that OpenFeature asks for: flags, and attributes as `flag.attribute`. */
export function findChanged(before: UntypedFeatureFlags, after: UntypedFeatureFlags): string[] {
  return findChangedMembers(before, after).flatMap((key) => {
    const attributes = findChangedMembers(attributesOf(before, key), attributesOf(after, key));
    return [key].concat(attributes.map((attribute) => `${key}.${attribute}`));
  });
}

function findChangedMembers(before: object, after: object): string[] {
  return Object.keys({ ...before, ...after }).filter(
    (name) => !isSameStructure(readMember(before, name), readMember(after, name)),
  );
}

function readMember(members: object, name: string): unknown {
  return Object.hasOwn(members, name) ? Reflect.get(members, name) : undefined;
}

function attributesOf(flags: UntypedFeatureFlags, key: string): object {
  const flag = findOwn(flags, key);
  return flag ? toAttributes(flag) : {};
}

/** The attributes that can be read of a flag: none while it is off. */
export function toAttributes({ enabled, _variant, ...attributes }: UntypedFlag) {
  return enabled ? attributes : {};
}
