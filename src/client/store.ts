/** What React's `useSyncExternalStore` reads from. The functions need no `this` and never change. */
export interface Store<Snapshot> {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object for as long as nothing in it changed. */
  readonly getSnapshot: () => Snapshot;
  /** On a server what is known now; while a page is hydrated, what its HTML was made of. */
  readonly getServerSnapshot: () => Snapshot;
}
