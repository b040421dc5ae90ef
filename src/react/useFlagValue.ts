'use client';

import {
  attributeOf,
  toSameDefault,
  type AttributeName,
  type AttributeOf,
  type FlagKey,
  type FlagsProfileName,
  type ProfileName,
} from '../client/index.ts';
import type { AttributeValue } from '../flags/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';
import type { FlagHookOptions } from './flagHookOptions.ts';

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
  Profile extends ProfileName = FlagsProfileName,
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
  { profile }: FlagHookOptions<ProfileName> = {},
): unknown {
  const flags = useClientFor('useFlagValue').profile(profile);
  const { value } = useStore(attributeOf(flags, key, attribute, defaultValue));
  return value ?? toSameDefault(flags, defaultValue);
}
