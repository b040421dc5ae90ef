/** What React's `useSyncExternalStore` reads from. The functions need no `this` and never change. */
export interface Store<Snapshot> {
  readonly subscribe: (listener: () => void) => () => void;
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
  const listeners = new Set<() => void>();
  const select = createSelect();
  let selectServer: ((snapshot: Upstream) => Snapshot) | undefined;
  let unsubscribe: (() => void) | undefined;
  let told: Snapshot;

  const getSnapshot = () => select(upstream.getSnapshot());
  const onUpstreamChange = () => {
    const next = getSnapshot();
    if (Object.is(next, told)) return;
    told = next;
    for (const listener of listeners) listener();
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (!unsubscribe) {
        told = getSnapshot();
        unsubscribe = upstream.subscribe(onUpstreamChange);
      }
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        unsubscribe?.();
        unsubscribe = undefined;
      };
    },
    getSnapshot,
    getServerSnapshot() {
      selectServer ??= createSelect();
      return selectServer(upstream.getServerSnapshot());
    },
  };
}

/** Makes a member the first time that its name is asked for, and the same one ever after. */
export function createFamily<Member>(create: (name: string) => Member): (name: string) => Member {
  const members = new Map<string, Member>();
  return (name) => {
    let member = members.get(name);
    if (member === undefined) members.set(name, (member = create(name)));
    return member;
  };
}
