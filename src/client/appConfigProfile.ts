import type { Profile } from './profile.ts';
import type { FlagKey, FlagOf, ProfileName } from './register.ts';

/**
 * One profile of a client: what hooks, tools and your own code read of it. An object with the same members
 * does as well: one that answers `select` and `document` from a profile's own, with some flags pinned.
 */
export interface AppConfigProfile<Name extends ProfileName = ProfileName> extends Pick<
  Profile,
  | 'name'
  | 'select'
  | 'document'
  | 'status'
  | 'subscribe'
  | 'ready'
  | 'refetch'
  | 'waitForFirstPoll'
  | 'fallback'
  | 'state'
  | 'snapshot'
  | 'flags'
  | 'isKept'
  | 'isPollDue'
  | 'dataUpdatedAt'
  | 'queryOptions'
  | 'askedFlags'
  | 'readerCountOf'
> {
  /** One of its flags, as it is now. Subscribe to be told when it changes. */
  flag<Key extends FlagKey<Name>>(key: Key): FlagOf<Name, Key>;
}
