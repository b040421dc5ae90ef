import type { AttributeValue, DisabledFlag, EnabledFlag, UntypedFlag } from '../flags/index.ts';

/**
 * Tell the hooks about your configurations, and a misspelt flag becomes a compile error.
 *
 * @example
 * declare module 'react-appconfig' {
 *   interface Register {
 *     profiles: {
 *       flags: FeatureFlags<{ 'dark-mode': {}; checkout: { maxItems: number } }>;
 *       'site-settings': SiteSettings;
 *     };
 *     flags: 'flags'; // the profile that flag hooks read, if there are several and none is called `flags`
 *     deprecatedFlags: { flags: 'dark-mode' }; // as they are marked in AWS AppConfig
 *   }
 * }
 */
export interface Register {}

type Profiles = Register extends { profiles: infer Registered extends object }
  ? Registered
  : Record<never, never>;

/** The names of the registered profiles; any string if none are. */
export type ProfileName = Register extends { profiles: object }
  ? Extract<keyof Profiles, string>
  : string;

/** Whether a registered document consists of feature flags, and not of settings or text. */
type IsFlags<Document> =
  Document extends Readonly<Record<keyof Document, { readonly enabled: boolean }>> ? true : false;

/** The names of the registered profiles that hold feature flags; any string if none are registered. */
export type FlagsProfileName = Register extends { profiles: object }
  ? Extract<
      {
        [Name in keyof Profiles]: IsFlags<Profiles[Name]> extends true ? Name : never;
      }[keyof Profiles],
      string
    >
  : string;

/**
 * The profile that flag hooks read when they name none: the registered `flags`, else the profile of that name, else
 * any that holds flags.
 */
export type DefaultFlagsProfileName = Register extends {
  flags: infer Name extends FlagsProfileName;
}
  ? Name
  : Register extends { profiles: object }
    ? 'flags' extends FlagsProfileName
      ? 'flags'
      : FlagsProfileName
    : string;

/** The registered document of a profile; unknown if none is. */
export type ProfileDocument<Profile extends ProfileName> = Profile extends keyof Profiles
  ? Profiles[Profile]
  : unknown;

/**
 * A document that is written by hand, as a default, an override or in a test: it need not name every flag, so a
 * flag that is new in AWS AppConfig breaks no build.
 */
export type GivenDocument<Profile extends ProfileName> = Profile extends keyof Profiles
  ? IsFlags<Profiles[Profile]> extends true
    ? Partial<Profiles[Profile]>
    : Profiles[Profile]
  : unknown;

/** The names of a profile's flags; any string if the profile is not registered, none if it holds something else. */
export type FlagKey<Profile extends ProfileName> = Profile extends keyof Profiles
  ? IsFlags<Profiles[Profile]> extends true
    ? Extract<keyof Profiles[Profile], string>
    : never
  : string;

/** Those of them that are registered as deprecated: hooks that read one are struck through in editors. */
export type DeprecatedFlagKey<Profile extends ProfileName> = Register extends {
  deprecatedFlags: infer Keys;
}
  ? Profile extends keyof Keys
    ? Extract<Keys[Profile], FlagKey<Profile>>
    : never
  : never;

/** The type of one flag of a profile. */
export type FlagOf<
  Profile extends ProfileName,
  Key extends FlagKey<Profile>,
> = Profile extends keyof Profiles
  ? Key extends keyof Profiles[Profile]
    ? Profiles[Profile][Key]
    : never
  : UntypedFlag;

/** One flag of a profile while it is on: what `<Feature>` hands to its children. */
export type EnabledFlagOf<Profile extends ProfileName, Key extends FlagKey<Profile>> = Extract<
  FlagOf<Profile, Key>,
  { readonly enabled: true }
>;

/** The document of a feature-flag profile. */
export type FlagsOf<Profile extends ProfileName> = Profile extends keyof Profiles
  ? Profiles[Profile]
  : Readonly<Record<string, UntypedFlag>>;

/** The names of a flag's attributes. */
export type AttributeName<
  Profile extends ProfileName,
  Key extends FlagKey<Profile>,
> = Profile extends keyof Profiles
  ? Exclude<
      Extract<keyof EnabledFlagOf<Profile, Key>, string>,
      keyof EnabledFlag | keyof DisabledFlag
    >
  : string;

/** The type of a flag's attribute: as registered, or that of the default that stands in for it. */
export type AttributeOf<
  Profile extends ProfileName,
  Key extends FlagKey<Profile>,
  Attribute extends AttributeName<Profile, Key>,
  Default,
> = Profile extends keyof Profiles
  ? Attribute extends keyof EnabledFlagOf<Profile, Key>
    ? Exclude<EnabledFlagOf<Profile, Key>[Attribute], undefined>
    : never
  : Widen<Default>;

type Widen<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends boolean
      ? boolean
      : Value extends readonly string[]
        ? readonly string[]
        : Value extends readonly number[]
          ? readonly number[]
          : AttributeValue;
