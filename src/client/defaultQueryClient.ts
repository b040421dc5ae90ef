import { QueryClient } from '@tanstack/react-query';
import { inMicrotask, type ConfigurationSource } from '../session/index.ts';
import { onceForAll } from './registry.ts';
import { MOMENT_MS } from './sharedSession.ts';

/** The cache of providers that are given none, and how many of them are on the page. */
interface DefaultCache {
  readonly queryClient: QueryClient;
  users: number;
  /** When a render asked for it last. */
  at: number;
}

function caches(): WeakMap<ConfigurationSource, DefaultCache> {
  return onceForAll('caches', () => new WeakMap<ConfigurationSource, DefaultCache>());
}

/**
 * Where configurations are kept in a page if nobody says: with the source, so that a provider that suspends
 * before its first commit, and is another one at each try, finds what it has asked for.
 */
export function defaultQueryClientOf(source: ConfigurationSource): QueryClient {
  const known = caches().get(source);
  const now = Date.now();
  const isForgotten = known?.users === 0 && Math.abs(now - known.at) > MOMENT_MS;
  const cache = known && !isForgotten ? known : { queryClient: new QueryClient(), users: 0, at: 0 };
  cache.at = now;
  caches().set(source, cache);
  return cache.queryClient;
}

/** Keeps a source's cache, if it is that one, until the function that this returns is called. */
export function holdDefaultQueryClient(
  source: ConfigurationSource,
  queryClient: QueryClient,
): () => void {
  const cache = caches().get(source);
  if (cache?.queryClient !== queryClient) return () => {};
  cache.users += 1;
  return () => {
    cache.users -= 1;
    // Later, so that StrictMode's second mount finds the cache of its first one.
    inMicrotask(() => cache.users === 0 && caches().delete(source));
  };
}
