import {
  QueryObserver,
  type QueryClient,
  type QueryKey,
  type QueryObserverOptions,
} from '@tanstack/react-query';
import { decodeContent, shareStructure, type DecodeOptions } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import { ConfigurationSession, type ConfigurationSessionOptions } from '../session/index.ts';
import type { Store } from './store.ts';

/** A query that is due is asked for after this long even if nothing else wakes it up. */
const DUE_POLL_DELAY_MS = 1_000;

/** What is known of a profile. */
export interface ProfileState {
  /** The newest good document, or undefined before there is one. */
  readonly document: unknown;
  readonly error: AppConfigError | undefined;
  readonly versionLabel: string | undefined;
  readonly contentType: string | undefined;
}

/** What a {@link ProfileObserver} is made of. */
export interface ProfileObserverOptions {
  queryClient: QueryClient;
  decode: DecodeOptions;
  session: Omit<ConfigurationSessionOptions<unknown>, 'decode'>;
}

/**
 * One profile in the query cache: its session, and the one QueryObserver that all components share.
 * It polls for as long as somebody subscribes.
 */
export class ProfileObserver implements Store<ProfileState> {
  readonly queryOptions: QueryObserverOptions<unknown, AppConfigError> & { queryKey: QueryKey };
  readonly #options: ProfileObserverOptions;
  readonly #listeners = new Set<(state: ProfileState) => void>();
  #session: ConfigurationSession<unknown> | undefined;
  #queryObserver: QueryObserver<unknown, AppConfigError> | undefined;
  #loading: Promise<void> | undefined;
  #stop: (() => void) | undefined;
  #state: ProfileState | undefined;
  #serverState: ProfileState | undefined;

  constructor(options: ProfileObserverOptions) {
    this.#options = options;
    this.#session = this.#createSession();
    this.queryOptions = this.#createQueryOptions();
  }

  /** The session under way; after {@link dispose}, a new one. */
  get session(): ConfigurationSession<unknown> {
    return (this.#session ??= this.#createSession());
  }

  /** When the document was last confirmed, in milliseconds since 1970; 0 before. */
  get dataUpdatedAt(): number {
    return this.#observer.getCurrentQuery().state.dataUpdatedAt;
  }

  readonly subscribe = (listener: (state: ProfileState) => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.#observer.subscribe(() => {
      const state = this.getSnapshot();
      for (const tell of this.#listeners) tell(state);
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  };

  readonly getSnapshot = (): ProfileState => {
    const { last, error } = this.session;
    const document = this.#observer.getCurrentQuery().state.data ?? last?.value;
    // A document that somebody else put into the cache has no version that is known here.
    const { versionLabel, contentType } = last?.value === document ? (last ?? {}) : {};
    const state = this.#state;
    if (
      state &&
      state.document === document &&
      state.error === error &&
      state.versionLabel === versionLabel &&
      state.contentType === contentType
    ) {
      return state;
    }
    this.#state = { document, error, versionLabel, contentType };
    this.#serverState ??= this.#state;
    return this.#state;
  };

  readonly getServerSnapshot = (): ProfileState => this.#serverState ?? this.getSnapshot();

  /** Polls if a poll is due, and resolves when it is over, well or not. */
  readonly refetch = async (): Promise<void> => {
    await this.#observer.refetch({ cancelRefetch: false });
  };

  /** Polls while nobody subscribes yet; resolves when there is an outcome. The same promise until then. */
  load(): Promise<void> {
    // Later, because a hook calls this while it renders.
    this.#loading ??= Promise.resolve()
      .then(() => this.#options.queryClient.prefetchQuery(this.queryOptions))
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }

  /** Lets go of the session and its token. Whoever asks for the profile again gets a new one. */
  dispose(): void {
    const { queryClient } = this.#options;
    if (this.#queryObserver?.getCurrentQuery().getObserversCount() === 0) {
      void queryClient.cancelQueries({ queryKey: this.queryOptions.queryKey, exact: true });
    }
    this.#session?.dispose();
    this.#session = undefined;
  }

  get #observer(): QueryObserver<unknown, AppConfigError> {
    return (this.#queryObserver ??= new QueryObserver(
      this.#options.queryClient,
      this.queryOptions,
    ));
  }

  #createSession(): ConfigurationSession<unknown> {
    return new ConfigurationSession({
      ...this.#options.session,
      decode: ({ bytes, contentType }) => {
        const { queryClient, decode } = this.#options;
        const value = decodeContent(bytes, contentType, decode) ?? null;
        return shareStructure(queryClient.getQueryData(this.queryOptions.queryKey), value);
      },
    });
  }

  #createQueryOptions(): ProfileObserver['queryOptions'] {
    const { queryClient, session } = this.#options;
    const { source, application, environment, profile } = session;
    const queryKey = ['appconfig', source.name, application, environment, profile, {}];
    return {
      queryKey,
      queryFn: async () => {
        const before = this.session.pollCount;
        const { value } = await this.session.poll();
        if (this.session.pollCount > before) return value;
        // No request was due: what the cache has may be newer, from another provider or from the server.
        return queryClient.getQueryData(queryKey) ?? value;
      },
      refetchInterval: ({ state }) =>
        state.fetchStatus === 'idle' &&
        (Math.ceil(this.session.msUntilNextPoll) || DUE_POLL_DELAY_MS),
      // Stale exactly when a poll is due, told without a timer of the query's own.
      staleTime: () => (this.session.msUntilNextPoll > 0 ? Number.POSITIVE_INFINITY : 0),
      // The last good configuration outlives its readers, and a persister may need it for longer.
      gcTime: Number.POSITIVE_INFINITY,
      // The session backs off by itself, and shares structure before the cache sees the value.
      retry: false,
      structuralSharing: false,
      refetchIntervalInBackground: false,
      refetchOnMount: true,
      refetchOnReconnect: true,
      refetchOnWindowFocus: true,
    };
  }
}
