import type { Profile } from './profile.ts';
import type { FlagKey, FlagOf, ProfileName } from './register.ts';

/**
 * One profile of a client: what hooks, tools and your own code read of it. An object with the same members
 * does as well.
 *
 * @example a client that pins a flag, whatever the service says
 * const pinned = { ...client, profile: (name) => ({ ...client.profile(name), select: (read, options) =>
 *   client.profile(name).select((flags, last) => read({ ...flags, overrides }, last), options) }) };
 */
export interface AppConfigProfile<Name extends ProfileName = ProfileName> extends Pick<
  Profile,
  | 'name'
  | 'select'
  | 'selectView'
  | 'subscribe'
  | 'ready'
  | 'refetch'
  | 'waitForFirstPoll'
  | 'fallback'
  | 'state'
  | 'flags'
  | 'isKept'
  | 'isPollDue'
  | 'times'
  | 'queryOptions'
  | 'askedFlags'
  | 'readerCountOf'
> {
  /** One of its flags, as it is now. Subscribe to be told when it changes. */
  flag<Key extends FlagKey<Name>>(key: Key): FlagOf<Name, Key>;
}

/** A profile as questions read it, whatever its flags are called. */
export type ReadableProfile = Omit<AppConfigProfile, 'flag'>;
