import { useSyncExternalStore } from 'react';
import type { Contender } from '../contender.ts';

/** The least that React allows: a Map of values, a Set of listeners per key, useSyncExternalStore. */
export const floor: Contender = async (initial) => {
  const values = new Map(Object.entries(initial));
  const listeners = new Map(
    Object.keys(initial).map((key) => [key, new Set<() => void>()] as const),
  );
  const stores = new Map(
    Object.keys(initial).map((key) => [
      key,
      {
        subscribe(listener: () => void) {
          listeners.get(key)?.add(listener);
          return () => listeners.get(key)?.delete(listener);
        },
        getSnapshot: () => values.get(key) === true,
      },
    ]),
  );
  const missing = { subscribe: () => () => {}, getSnapshot: () => false };
  return {
    wrap: (children) => children,
    useIsOn(key) {
      const { subscribe, getSnapshot } = stores.get(key) ?? missing;
      return useSyncExternalStore(subscribe, getSnapshot);
    },
    async deliver(states, onDelivered) {
      onDelivered();
      for (const [key, isOn] of Object.entries(states)) {
        if (values.get(key) === isOn) continue;
        values.set(key, isOn);
        for (const listener of listeners.get(key) ?? []) listener();
      }
    },
    dispose() {},
  };
};
