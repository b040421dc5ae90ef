import { pollStatusOf, type PollStatus, type ProfileName } from '../client/index.ts';
import { useAppConfigClient, useStore } from './appConfigContext.ts';

/**
 * How polling a profile goes: loading, ready or error, the version, and when the next poll is due.
 * Renders again at every poll, which no other hook does.
 *
 * @param profile the profile in question; by default the provider's `flags`.
 */
export function useAppConfigStatus(profile?: ProfileName): PollStatus {
  const client = useAppConfigClient('useAppConfigStatus');
  return useStore(pollStatusOf(client.profile(client.profileName(profile))));
}
