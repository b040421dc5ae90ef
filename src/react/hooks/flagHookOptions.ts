import type { DefaultFlagsProfileName, FlagsProfileName } from '../../client/index.ts';

/** What every flag hook takes besides the flag's name. */
export interface FlagHookOptions<Profile extends FlagsProfileName = DefaultFlagsProfileName> {
  /**
   * The profile of the flag.
   * @default the provider's `flags`
   */
  profile?: Profile | undefined;
}
