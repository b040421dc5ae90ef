import {
  QueryObserver,
  type Query,
  type QueryClient,
  type QueryKey,
  type QueryObserverOptions,
} from '@tanstack/react-query';
import { decodeContent, shareStructure, type DecodeOptions } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import {
  ConfigurationSession,
  type ConfigurationSessionOptions,
  type ConfigurationSnapshot,
} from '../session/index.ts';
import type { Store } from './store.ts';

/** A query that is due is asked for after this long even if nothing else wakes it up. */
const DUE_POLL_DELAY_MS = 1_000;

/** What is known of a profile. */
export interface ProfileState {
  /** The newest good document, or undefined before there is one. */
  readonly document: unknown;
  readonly error: AppConfigError | undefined;
  /** What the document was delivered with; undefined if it came into the cache from elsewhere. */
  readonly delivered: ConfigurationSnapshot<unknown> | undefined;
}

/** What {@link createProfileObserver} needs. */
export interface ProfileObserverOptions
  extends DecodeOptions, Omit<ConfigurationSessionOptions<unknown>, 'decode'> {
  queryClient: QueryClient;
}

/** One profile in the query cache. */
export interface ProfileObserver extends Store<ProfileState> {
  readonly queryOptions: QueryObserverOptions<unknown, AppConfigError> & { queryKey: QueryKey };
  /** The session under way; after {@link dispose}, a new one. */
  readonly session: ConfigurationSession<unknown>;
  /** The query that all share. */
  readonly query: Query<unknown, AppConfigError>;
  /** Polls if a poll is due, and resolves when it is over, well or not. */
  readonly refetch: () => Promise<void>;
  /** Lets go of the session and its token. Whoever asks for the profile again gets a new one. */
  readonly dispose: () => void;
}

/**
 * Observes a profile: one session, and one QueryObserver that all components share. It polls for as
 * long as somebody subscribes.
 *
 * @throws InvalidArgumentError for identifiers or an interval outside AWS's limits.
 */
export function createProfileObserver(options: ProfileObserverOptions): ProfileObserver {
  const { queryClient, source, application, environment, profile } = options;
  const queryKey = ['appconfig', source.name, application, environment, profile, {}];
  let session: ConfigurationSession<unknown> | undefined = createSession();
  let queryObserver: QueryObserver<unknown, AppConfigError> | undefined;
  let state: ProfileState = { document: undefined, error: undefined, delivered: undefined };
  let serverState: ProfileState | undefined;

  function createSession(): ConfigurationSession<unknown> {
    return new ConfigurationSession({
      ...options,
      decode: ({ bytes, contentType }) => {
        const value = decodeContent(bytes, contentType, options) ?? null;
        return shareStructure(queryClient.getQueryData(queryKey), value);
      },
    });
  }
  const getSession = () => (session ??= createSession());

  const queryOptions: ProfileObserver['queryOptions'] = {
    queryKey,
    queryFn: async () => {
      const { pollCount } = getSession();
      const { value } = await getSession().poll();
      if (getSession().pollCount > pollCount) return value;
      // No request was due: what the cache has may be newer, from another provider or from the server.
      return queryClient.getQueryData(queryKey) ?? value;
    },
    refetchInterval: (query) =>
      query.state.fetchStatus === 'idle' &&
      (Math.ceil(getSession().msUntilNextPoll) || DUE_POLL_DELAY_MS),
    // Stale exactly when a poll is due, told without a timer of the query's own.
    staleTime: () => (getSession().msUntilNextPoll > 0 ? Number.POSITIVE_INFINITY : 0),
    // The last good configuration outlives its readers, and a persister may need it for longer.
    gcTime: Number.POSITIVE_INFINITY,
    // The session backs off by itself, and shares structure before the cache sees the value.
    retry: false,
    structuralSharing: false,
  };
  const getObserver = () => (queryObserver ??= new QueryObserver(queryClient, queryOptions));

  const getSnapshot = (): ProfileState => {
    const { last, error } = getSession();
    const document = getObserver().getCurrentQuery().state.data ?? last?.value;
    const delivered = last?.value === document ? last : undefined;
    if (state.document !== document || state.error !== error || state.delivered !== delivered) {
      state = { document, error, delivered };
    }
    serverState ??= state;
    return state;
  };

  return {
    queryOptions,
    get session() {
      return getSession();
    },
    subscribe: (listener) => getObserver().subscribe(() => listener(getSnapshot())),
    get query() {
      return getObserver().getCurrentQuery();
    },
    getSnapshot,
    getServerSnapshot: () => serverState ?? getSnapshot(),
    refetch: () => queryClient.prefetchQuery(queryOptions),
    dispose() {
      if (queryObserver?.getCurrentQuery().getObserversCount() === 0) {
        void queryClient.cancelQueries({ queryKey, exact: true });
      }
      session?.dispose();
      session = undefined;
    },
  };
}
