import { Listeners } from './listeners.ts';

/** What React's `useSyncExternalStore` reads from. The functions need no `this` and never change. */
export interface Store<Snapshot> {
  readonly subscribe: (listener: () => void) => () => void;
  /** The same object for as long as nothing in it changed. */
  readonly getSnapshot: () => Snapshot;
  /** On a server what is known now; while a page is hydrated, what its HTML was made of. */
  readonly getServerSnapshot: () => Snapshot;
}

/** A store that knows how many listen. */
export interface CountingStore<Snapshot> extends Store<Snapshot> {
  readonly listenerCount: () => number;
}

/** A value, and the upstream value that it was made from. */
interface Reading<Upstream, Value> {
  readonly seen: Upstream;
  readonly value: Value;
}

/**
 * A store over another one that tells its listeners only when its own value changed. It holds one
 * subscription upstream, and only while it has listeners itself.
 *
 * @param step makes the next value from the upstream one; returns the last one if nothing changed
 * @param onUpdate called with the value when somebody subscribes and after each change upstream
 */
export function deriveStore<Upstream, Value>(
  upstream: Store<Upstream>,
  step: (next: Upstream, last: Value | undefined) => Value,
  onUpdate?: (value: Value) => void,
): CountingStore<Value> {
  let current: Reading<Upstream, Value> | undefined;
  let server: Reading<Upstream, Value> | undefined;

  const advance = (last: Reading<Upstream, Value> | undefined, seen: Upstream) =>
    last && last.seen === seen ? last : { seen, value: step(seen, last?.value) };
  const pull = () => {
    current = advance(current, upstream.getSnapshot());
    return current.value;
  };
  const onChange = () => {
    const before = current?.value;
    const value = pull();
    onUpdate?.(value);
    if (!Object.is(value, before)) listeners.notify();
  };
  const listeners = new Listeners(() => {
    const stop = upstream.subscribe(onChange);
    const value = pull();
    onUpdate?.(value);
    return stop;
  });

  return {
    subscribe: listeners.subscribe,
    listenerCount: () => listeners.count,
    // While somebody listens, a change upstream arrives before anybody can ask.
    getSnapshot: () => (listeners.isStarted && current ? current.value : pull()),
    getServerSnapshot: () => {
      server = advance(server, upstream.getServerSnapshot());
      return server.value;
    },
  };
}
