import type { AppConfigClient, ReadableProfile, Store } from '../../client/index.ts';
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

/**
 * Suspends until the first poll is over.
 *
 * @param missing why there is nothing to show; a render after the session's back-off waits again
 * @throws what is missing
 */
export function suspendUnlessKnown(
  client: AppConfigClient,
  profile: ReadableProfile,
  isPending: boolean,
  missing: AppConfigError | undefined,
): void {
  // oxlint-disable-next-line typescript/only-throw-error -- how React is told to wait
  if (isPending || (missing && profile.isPollDue())) throw profile.waitForFirstPoll();
  if (!missing) return;
  client.noteRendered(missing);
  throw missing;
}
