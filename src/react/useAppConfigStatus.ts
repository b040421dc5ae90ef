'use client';

import { pollStatusOf, type PollStatus, type ProfileName } from '../client/index.ts';
import { useClientFor, useStore } from './appConfigContext.ts';

/**
 * How polling a profile goes: pending, error or success, the version, and when the next poll is due.
 * Renders again at every poll, which no other hook does.
 *
 * @param profile the profile in question; by default the provider's `flags`.
 */
export function useAppConfigStatus(profile?: ProfileName): PollStatus {
  return useStore(pollStatusOf(useClientFor('useAppConfigStatus').profile(profile)));
}
