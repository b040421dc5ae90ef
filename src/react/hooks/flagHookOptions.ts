import type { DefaultFlagsProfileName, FlagsProfileName, ProfileName } from '../../client/index.ts';

/** What every flag hook takes besides the flag's name. */
export interface FlagHookOptions<Profile extends FlagsProfileName = DefaultFlagsProfileName> {
  /**
   * The profile of the flag.
   * @default the provider's `flags`
   */
  profile?: Profile | undefined;
}

/** The same, whatever an app's profiles are called. */
export interface AnyFlagHookOptions {
  profile?: ProfileName | undefined;
}
