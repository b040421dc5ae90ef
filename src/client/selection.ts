import type { Store } from './store.ts';

/** The answer to one question about a profile, shared by all who ask it. */
export type Selection<Value> = Store<Value>;

/** Counts who subscribes, perhaps to several selections. */
export interface ReaderCount {
  readers: number;
}

/** A selection as its owner sees it. */
export interface OwnedSelection {
  /** Answers anew; returns whether the answer is another one. */
  readonly update: () => boolean;
  readonly notify: () => void;
}

/** What selections are answered from. */
export interface SelectionOwner<State> {
  readonly getSnapshot: () => State;
  readonly getServerSnapshot: () => State;
  /** Updates the selection from now on, at each event, until the function that this returns is called. */
  readonly add: (selection: OwnedSelection) => () => void;
}

/** What has been answered, and from what. */
interface Answer<State, Value> {
  readonly state: State;
  readonly value: Value;
}

/**
 * Answers a question from the state of its owner. It is updated while somebody subscribes, and only then.
 *
 * @param read makes the answer from the state; returns the last one if nothing in it changed
 * @param onRead called when somebody subscribes, and at each event while somebody does
 * @param count counts those who subscribe
 */
export function createSelection<State, Value>(
  owner: SelectionOwner<State>,
  read: (state: State, last: Value | undefined) => Value,
  onRead?: () => void,
  count: ReaderCount = { readers: 0 },
): Selection<Value> {
  let current: Answer<State, Value> | undefined;
  let server: Answer<State, Value> | undefined;

  const answer = (state: State, last: Answer<State, Value> | undefined) =>
    last && last.state === state ? last : { state, value: read(state, last?.value) };
  const readNow = () => {
    current = answer(owner.getSnapshot(), current);
    return current.value;
  };
  const update = () => {
    const before = current;
    const value = readNow();
    if (current === before) return false;
    onRead?.();
    return !Object.is(value, before?.value);
  };
  const listeners = new Set<() => void>();
  let stop: (() => void) | undefined;
  const notify = () => {
    for (const listener of listeners) listener();
  };

  return {
    subscribe(listener) {
      if (!stop) {
        stop = owner.add({ update, notify });
        if (!update()) onRead?.();
      }
      // Each subscription is one of its own, also of a listener that subscribes twice.
      const subscription = listeners.has(listener) ? () => listener() : listener;
      listeners.add(subscription);
      count.readers += 1;
      return () => {
        if (!listeners.delete(subscription)) return;
        count.readers -= 1;
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
    // While somebody subscribes, an event arrives before anybody can ask.
    getSnapshot: () => (stop && current ? current.value : readNow()),
    getServerSnapshot: () => {
      server = answer(owner.getServerSnapshot(), server);
      return server.value;
    },
  };
}

/** A selection from what another one, or any store, has answered. */
export function deriveSelection<State, Value>(
  { getSnapshot, getServerSnapshot, subscribe }: Store<State>,
  read: (state: State, last: Value | undefined) => Value,
): Selection<Value> {
  const add = ({ update, notify }: OwnedSelection) =>
    subscribe(() => {
      if (update()) notify();
    });
  return createSelection({ getSnapshot, getServerSnapshot, add }, read);
}
