/** What React's `useSyncExternalStore` reads from. The functions need no `this` and never change. */
export interface Store<Snapshot> {
  /** Listeners are called with the snapshot that is new; they may ignore it. */
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void;
  /** The same object for as long as nothing in it changed. */
  readonly getSnapshot: () => Snapshot;
  /** What the server rendered: the snapshot from before the first poll. */
  readonly getServerSnapshot: () => Snapshot;
}

/**
 * A store over another one that tells its listeners only when its own selection changed. It holds
 * one subscription upstream, and only while it has listeners itself.
 *
 * @param createSelect makes the function that selects; called once for the client's snapshots and
 * once for the server's, so that one that remembers does not mix them up.
 */
export function deriveStore<Upstream, Snapshot>(
  upstream: Store<Upstream>,
  createSelect: () => (snapshot: Upstream) => Snapshot,
): Store<Snapshot> {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const select = createSelect();
  const selectServer = createSelect();
  /** Held while somebody listens: then a change upstream arrives before anybody can ask. */
  let active: { snapshot: Snapshot; unsubscribe: () => void } | undefined;

  const pull = () => select(upstream.getSnapshot());
  const onUpstreamChange = (next: Upstream) => {
    const snapshot = select(next);
    if (!active || Object.is(snapshot, active.snapshot)) return;
    active.snapshot = snapshot;
    for (const listener of listeners) listener(snapshot);
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      active ??= { snapshot: pull(), unsubscribe: upstream.subscribe(onUpstreamChange) };
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        active?.unsubscribe();
        active = undefined;
      };
    },
    getSnapshot: () => (active ? active.snapshot : pull()),
    getServerSnapshot: () => selectServer(upstream.getServerSnapshot()),
  };
}
