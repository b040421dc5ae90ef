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
