import { QueryClient } from '@tanstack/react-query';
import { inMicrotask, type ConfigurationSource } from '../session/index.ts';
import { onceForEach } from './registry.ts';
import { MOMENT_MS } from './sharedSession.ts';

/** The cache of providers that are given none, and how many of them are on the page. */
interface DefaultCache {
  queryClient?: QueryClient | undefined;
  users: number;
  /** When a render asked for it last. */
  at: number;
}

function cacheOf(source: ConfigurationSource): DefaultCache {
  return onceForEach('cache', source, () => ({ users: 0, at: 0 }));
}

/**
 * Where configurations are kept in a page if nobody says: with the source, so that a provider that suspends
 * before its first commit, and is another one at each try, finds what it has asked for.
 */
export function defaultQueryClientOf(source: ConfigurationSource): QueryClient {
  const cache = cacheOf(source);
  const now = Date.now();
  if (cache.users === 0 && Math.abs(now - cache.at) > MOMENT_MS) cache.queryClient = undefined;
  cache.at = now;
  return (cache.queryClient ??= new QueryClient());
}

/** Keeps a source's cache, if it is that one, until the function that this returns is called. */
export function holdDefaultQueryClient(
  source: ConfigurationSource,
  queryClient: QueryClient,
): () => void {
  const cache = cacheOf(source);
  if (cache.queryClient !== queryClient) return () => {};
  cache.users += 1;
  return () => {
    cache.users -= 1;
    // Later, so that StrictMode's second mount finds the cache of its first one.
    inMicrotask(() => {
      if (cache.users === 0) cache.queryClient = undefined;
    });
  };
}
