'use client';

import {
  perObject,
  type PolledView,
  type ProfileName,
  type ReadableProfile,
} from '../../client/index.ts';
import type { AppConfigError } from '../../errors/index.ts';
import { useClientFor, useStore } from '../index.ts';

/** How polling a profile goes. */
export interface PollStatus {
  /** `success` once there is a configuration, `error` if the first polls failed, `pending` before. */
  readonly status: 'pending' | 'error' | 'success';
  /** Why the newest poll failed; also set beside `success`, when the last good configuration is in use. */
  readonly error: AppConfigError | undefined;
  readonly versionLabel: string | undefined;
  /** How many polls were answered. */
  readonly pollCount: number;
  /** When the newest answer came, in milliseconds since 1970. */
  readonly lastPollAt: number | undefined;
  /**
   * When the document was confirmed last, by a poll or by whoever wrote the cache, in milliseconds since 1970; 0
   * before.
   */
  readonly dataUpdatedAt: number;
  /** When the next poll may go out, in milliseconds since 1970. */
  readonly nextPollAt: number | undefined;
}

const pollStatusOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  profile.selectView<PollStatus>(toPollStatus),
);

function toPollStatus({ state, snapshot, override }: PolledView): PollStatus {
  const { error, pollCount, lastPollAt, dataUpdatedAt, nextPollAt } = state;
  const isOverridden = override?.document !== undefined;
  return {
    status: snapshot || isOverridden ? 'success' : error ? 'error' : 'pending',
    error,
    versionLabel: isOverridden ? undefined : snapshot?.versionLabel,
    pollCount,
    lastPollAt,
    dataUpdatedAt,
    nextPollAt,
  };
}

/**
 * How polling a profile goes: pending, error or success, the version, and when the next poll is due.
 * Renders again at every poll, which no other hook does.
 *
 * @param profile the profile in question; by default the provider's `flags`.
 */
export function useAppConfigStatus(profile?: ProfileName): PollStatus {
  return useStore(pollStatusOf(useClientFor('useAppConfigStatus').profile(profile)));
}
