import type { QueryCacheNotifyEvent, QueryClient } from '@tanstack/react-query';
import { onceForEach } from './registry.ts';

/** Who is told of what happens to its query, whoever did it. */
export interface StartedQuery {
  readonly onCacheEvent: (event: QueryCacheNotifyEvent) => void;
}

/** The queries of a cache that somebody subscribes to, by their hash. One listener hands each its events. */
export function startedQueriesOf<Query extends StartedQuery>(
  queryClient: QueryClient,
): Map<string, Query> {
  return onceForEach('queries', queryClient, () => {
    const started = new Map<string, Query>();
    queryClient.getQueryCache().subscribe((event) => {
      started.get(event.query.queryHash)?.onCacheEvent(event);
    });
    return started;
  });
}
