'use client';

import { createContext, useContext, useSyncExternalStore } from 'react';
import { onceForEach, type AppConfigClient, type Store } from '../client/index.ts';
import { MissingProviderError } from '../errors/index.ts';

/** Hands the nearest provider's client to the hooks; one for all copies of this package on one React. */
export const AppConfigContext = /* @__PURE__ */ onceForEach('context', createContext, () =>
  createContext<AppConfigClient | undefined>(undefined),
);

/** The nearest provider's client, on behalf of `caller`. */
export function useClientFor(caller: string): AppConfigClient {
  const client = useContext(AppConfigContext);
  if (!client) throw new MissingProviderError(caller);
  return client;
}

/** Renders with a store's snapshot, and again when that changes. */
export function useStore<Snapshot>(store: Store<Snapshot>): Snapshot {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getServerSnapshot);
}
