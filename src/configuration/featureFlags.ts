import { ContentError } from '../errors/index.ts';

/**
 * The values that an attribute of a flag may have.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html
 */
export type AttributeValue = string | number | boolean | readonly string[] | readonly number[];

/** A flag that is on, with its attributes. */
export type EnabledFlag<Attributes extends object = Record<never, never>> = {
  readonly enabled: true;
  /** The variant that was chosen for this context, for a multi-variant flag. */
  readonly _variant?: string;
} & { readonly [Attribute in keyof Attributes]: Attributes[Attribute] };

/** A flag that is off: AWS AppConfig delivers attributes only while a flag is on. */
export interface DisabledFlag {
  readonly enabled: false;
  /** The variant that was chosen for this context, for a multi-variant flag. */
  readonly _variant?: string;
}

/** A flag as it is delivered: check `enabled`, and the attributes are there. */
export type Flag<Attributes extends object = Record<never, never>> =
  EnabledFlag<Attributes> | DisabledFlag;

/** A flag of which no type is known. */
export type UntypedFlag =
  EnabledFlag<{ readonly [attribute: string]: AttributeValue }> | DisabledFlag;

/**
 * The document of a feature-flag profile: attributes by flag.
 *
 * @example
 * type Flags = FeatureFlags<{ 'dark-mode': {}; checkout: { maxItems: number } }>;
 */
export type FeatureFlags<
  AttributesByFlag extends object = Record<string, Record<string, AttributeValue>>,
> = {
  readonly [Key in keyof AttributesByFlag]: AttributesByFlag[Key] extends object
    ? Flag<AttributesByFlag[Key]>
    : never;
};

/** A feature-flag document of which no type is known. */
export type UntypedFeatureFlags = Readonly<Record<string, UntypedFlag>>;

/** Of the key of a flag, in a message. */
const LONGEST_KEY = 99;

/** What a flag is that nobody knows. */
export const DISABLED_FLAG: DisabledFlag = Object.freeze({ enabled: false });

/**
 * Checks that a value is a feature-flag document as AWS AppConfig delivers it.
 *
 * @throws ContentError `NotFeatureFlags` that names the flag and what is wrong with it.
 */
export function checkFeatureFlags(value: unknown): UntypedFeatureFlags {
  if (isFeatureFlags(value)) return value;
  const key = isRecord(value) && Object.keys(value).find((name) => !isFlag(value[name]));
  const problem =
    key === false
      ? 'it is not an object'
      : `"${key?.slice(0, LONGEST_KEY)}" has no "enabled" that is true or false`;
  throw new ContentError(
    'NotFeatureFlags',
    `The configuration is no feature-flag document: ${problem}. Read freeform profiles with useAppConfig.`,
  );
}

/** The flag of that name, if the document has it. No name reaches a prototype. */
export function findFlag(
  flags: UntypedFeatureFlags | undefined,
  key: string,
): UntypedFlag | undefined {
  return flags && Object.hasOwn(flags, key) ? flags[key] : undefined;
}

/** The attribute of that name, if the flag is on and has it. */
export function findAttribute(flag: UntypedFlag, attribute: string): AttributeValue | undefined {
  return flag.enabled && Object.hasOwn(flag, attribute) ? flag[attribute] : undefined;
}

function isFeatureFlags(value: unknown): value is UntypedFeatureFlags {
  return isRecord(value) && Object.values(value).every(isFlag);
}

function isFlag(value: unknown): value is UntypedFlag {
  return isRecord(value) && typeof value['enabled'] === 'boolean';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}
