import type { QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query';
import { onceForEach } from './registry.ts';

/** Who is told of what happens to its query, whoever did it. */
export interface StartedQuery {
  readonly onCacheEvent: (event: QueryCacheNotifyEvent) => void;
}

/** The queries of a cache that somebody subscribes to, by their hash. */
interface StartedQueries<Query extends StartedQuery> {
  readonly byHash: Map<string, Query>;
  stop: (() => void) | undefined;
}

/** One listener to the whole cache hands each event to the owner of its query. */
export function startedQueriesOf<Query extends StartedQuery>(queryClient: QueryClient) {
  const started = onceForEach('queries', queryClient, (): StartedQueries<Query> => ({
    byHash: new Map(),
    stop: undefined,
  }));
  const { byHash } = started;
  return {
    find: (hash: string): Query | undefined => byHash.get(hash),
    add(hash: string, query: Query): void {
      byHash.set(hash, query);
      started.stop ??= queryClient.getQueryCache().subscribe((event) => {
        byHash.get(event.query.queryHash)?.onCacheEvent(event);
      });
    },
    remove(hash: string): void {
      byHash.delete(hash);
      if (byHash.size > 0) return;
      started.stop?.();
      started.stop = undefined;
    },
  };
}
