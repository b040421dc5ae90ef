import type { AppConfigClient, ProfileFlags, ReadableProfile, Store } from '../../client/index.ts';
import type { AppConfigError } from '../../errors/index.ts';

/**
 * A store for a component that waits: a page's HTML from before the first poll is no reason to wait once the first poll
 * is over.
 */
export function toAwaited<Snapshot extends { readonly isPending: boolean }>(
  store: Store<Snapshot>,
): Store<Snapshot> {
  return {
    ...store,
    getServerSnapshot() {
      const rendered = store.getServerSnapshot();
      return rendered.isPending ? store.getSnapshot() : rendered;
    },
  };
}

/** What a component that waits is told beside what it reads. */
export interface Waiting {
  readonly isPending: boolean;
  /** Why there is nothing to show: neither what was asked for is known nor a default for it. */
  readonly missing: AppConfigError | undefined;
}

/** Whether to wait for something, and why it will not come. */
export function toWaiting(isKnown: boolean, { isSettled, error }: ProfileFlags): Waiting {
  return { isPending: !isKnown && !isSettled, missing: isKnown ? undefined : error };
}

/**
 * Suspends until the first poll is over.
 *
 * @throws why there is nothing to show; a render after the session's back-off waits again
 */
export function suspendUnlessKnown(
  client: AppConfigClient,
  profile: ReadableProfile,
  { isPending, missing }: Waiting,
): void {
  // oxlint-disable-next-line typescript/only-throw-error -- how React is told to wait
  if (isPending || (missing && profile.isPollDue())) throw profile.waitForFirstPoll();
  if (!missing) return;
  client.noteRendered(missing);
  throw missing;
}
