import type { AppConfigError } from '../errors/index.ts';
import { perObject } from './memoize.ts';
import type { CurrentObserver } from './currentObserver.ts';
import { deriveStore, type Store } from './store.ts';

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
  /** When the next poll may go out, in milliseconds since 1970. */
  readonly nextPollAt: number | undefined;
}

/** How polling goes, for those who want to know each time. */
export const pollStatusOf = /* @__PURE__ */ perObject(
  (observer: CurrentObserver): Store<PollStatus> =>
    deriveStore(observer, ({ snapshot, error, pollCount, lastPollAt, nextPollAt }): PollStatus => ({
      status: snapshot ? 'success' : error ? 'error' : 'pending',
      error,
      versionLabel: snapshot?.versionLabel,
      pollCount,
      lastPollAt,
      nextPollAt,
    })),
);
