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
 *     flags: 'flags'; // the profile that flag hooks read, if it is not called `flags`
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

/** The profile that flag hooks read when they name none. */
export type FlagsProfileName = Register extends { flags: infer Name extends ProfileName }
  ? Name
  : Register extends { profiles: object }
    ? Extract<'flags', ProfileName>
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
  ? Profiles[Profile] extends Readonly<
      Record<keyof Profiles[Profile], { readonly enabled: boolean }>
    >
    ? Partial<Profiles[Profile]>
    : Profiles[Profile]
  : unknown;

/** The names of a profile's flags; any string if the profile is not registered. */
export type FlagKey<Profile extends ProfileName> = Profile extends keyof Profiles
  ? Extract<keyof Profiles[Profile], string>
  : string;

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
