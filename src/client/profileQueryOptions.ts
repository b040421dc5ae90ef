import { hashKey, type QueryKey, type QueryObserverOptions } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { CachedSnapshot } from './profileState.ts';

/** A query that is due is asked for after this long even if nothing else wakes it up. */
const DUE_POLL_DELAY_MS = 1_000;

/** The options of a profile's query. */
export type ProfileQueryOptions = QueryObserverOptions<CachedSnapshot, AppConfigError> & {
  queryKey: QueryKey;
  queryFn: () => Promise<CachedSnapshot>;
  staleTime: () => number;
};

/** What a profile's query asks. */
interface ProfileQueryParts {
  poll: () => Promise<CachedSnapshot>;
  /** The last good document that the session knows. */
  accept: () => CachedSnapshot | undefined;
  msUntilDue: () => number;
}

/** A query that leaves it to the session when to poll, whatever an app has set for all of its queries. */
export function createProfileQueryOptions(
  queryKey: QueryKey,
  getCurrent: () => ProfileQueryParts,
): ProfileQueryOptions {
  const msUntilDue = () => getCurrent().msUntilDue();
  return {
    queryKey,
    queryFn: () => getCurrent().poll(),
    placeholderData: () => getCurrent().accept(),
    refetchInterval: (query) =>
      query.state.fetchStatus === 'idle' && (msUntilDue() || DUE_POLL_DELAY_MS),
    // Stale exactly when a poll is due, told without a timer of the query's own.
    staleTime: () => (msUntilDue() > 0 ? Number.POSITIVE_INFINITY : 0),
    // The last good configuration outlives its readers, and a persister may need it for longer. There may
    // be any number of contexts, of which the cache keeps each for a while.
    ...(isSameStructure(queryKey.at(-1), {}) && { gcTime: Number.POSITIVE_INFINITY }),
    // The session backs off by itself.
    retry: false,
    // Keeps what is equal, also of what somebody's own `select` makes.
    structuralSharing: (before, next) => (isSameStructure(before, next) ? before : next),
    // What an app has set for all of its queries must not switch this one off.
    enabled: true,
    networkMode: 'online',
    queryKeyHashFn: hashKey,
    refetchIntervalInBackground: false,
    refetchOnMount: true,
    refetchOnReconnect: true,
    refetchOnWindowFocus: true,
    retryOnMount: true,
    throwOnError: false,
  };
}
