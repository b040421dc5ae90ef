import type { FlagsProfileName, ProfileName } from '../client/index.ts';

/** What every flag hook takes besides the flag's name. */
export interface FlagHookOptions<Profile extends ProfileName = FlagsProfileName> {
  /**
   * The profile of the flag.
   * @default the provider's `flags`
   */
  profile?: Profile | undefined;
}
