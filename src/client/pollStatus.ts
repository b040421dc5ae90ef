import type { AppConfigError } from '../errors/index.ts';
import { perObject } from './memoize.ts';
import type { ProfileObserver, ProfileState } from './profileObserver.ts';
import { deriveStore } from './store.ts';

/** How polling a profile goes. */
export interface PollStatus {
  /** `ready` once there is a configuration, `error` if the first polls failed, `loading` before. */
  readonly status: 'loading' | 'ready' | 'error';
  /** Why the newest poll failed; also set while `ready`, when the last good configuration is in use. */
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
export const pollStatusOf = /* @__PURE__ */ perObject((observer: ProfileObserver) =>
  deriveStore(observer, () => createSelect(observer)),
);

function createSelect(observer: ProfileObserver): (state: ProfileState) => PollStatus {
  let current: PollStatus | undefined;
  return ({ document, error, delivered }) => {
    const { pollCount, lastAnswerAt, nextPollAt } = observer.session;
    const versionLabel = delivered?.versionLabel;
    const isSame =
      current?.error === error &&
      current?.versionLabel === versionLabel &&
      current?.nextPollAt === nextPollAt &&
      current?.pollCount === pollCount;
    const status = document !== undefined ? 'ready' : error ? 'error' : 'loading';
    if (!current || !isSame || current.status !== status) {
      current = { status, error, versionLabel, pollCount, lastPollAt: lastAnswerAt, nextPollAt };
    }
    return current;
  };
}
