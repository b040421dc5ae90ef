import { hashKey, QueryObserver, type Query, type QueryClient } from '@tanstack/react-query';
import {
  decodeContent,
  isSameStructure,
  shareStructure,
  type DecodeOptions,
} from '../configuration/index.ts';
import {
  AppConfigError,
  asAppConfigError,
  InvalidArgumentError,
  RequestError,
  SessionDisposedError,
} from '../errors/index.ts';
import {
  ConfigurationSession,
  Timers,
  toConfigurationRequest,
  type Clock,
  type ConfigurationSessionOptions,
} from '../session/index.ts';
import { appConfigQueryKey } from './appConfigQueryKey.ts';
import { isServer } from './isServer.ts';
import { Listeners } from './listeners.ts';
import { perName, perObject } from './memoize.ts';
import { createProfileQuery, type ProfileQueryOptions } from './profileQuery.ts';
import {
  isSameState,
  isSnapshot,
  NOTHING_KNOWN,
  type CachedSnapshot,
  type ProfileState,
} from './profileState.ts';
import type { Store } from './store.ts';

/** How long a first answer may be awaited while the browser is offline. */
const OFFLINE_PATIENCE_MS = 5_000;
/** How old a cached configuration may be when no interval was given: the service's default. */
const DEFAULT_INTERVAL_IN_SECONDS = 60;

/** What a {@link ProfileObserver} needs. */
export interface ProfileObserverOptions
  extends DecodeOptions, Omit<ConfigurationSessionOptions<unknown>, 'decode'> {
  queryClient: QueryClient;
  clock: Clock;
  /** Milliseconds to wait before a new session asks for the first time. */
  msBeforeFirstPoll: () => number;
}

/** Those who observe a query. The first one polls, so that two sources of one name cannot take turns. */
const observersOf = /* @__PURE__ */ perObject((_queryClient: QueryClient) =>
  perName((_queryHash) => new Set<ProfileObserver>()),
);

/**
 * One profile in the query cache: one session, and one QueryObserver that all components share. It polls
 * for as long as somebody subscribes.
 *
 * @throws InvalidArgumentError for identifiers or an interval outside AWS's limits.
 */
export class ProfileObserver implements Store<ProfileState> {
  readonly queryOptions: ProfileQueryOptions;
  readonly #options: ProfileObserverOptions;
  readonly #queryHash: string;
  readonly #observers: Set<ProfileObserver>;
  readonly #listeners = new Listeners(() => this.#start());
  readonly #timers: Timers;
  #session: ConfigurationSession<unknown> | undefined;
  #firstPoll: Promise<void> | undefined;
  #seen: { readonly query: Query['state'] | undefined; readonly pollCount: number } | undefined;
  #state = NOTHING_KNOWN;
  /** The newest snapshot of the session that has been in the cache. */
  #delivered: CachedSnapshot | undefined;
  #stopFollowing: (() => void) | undefined;
  readonly #initial: CachedSnapshot | undefined;
  #serverState = NOTHING_KNOWN;

  constructor(options: ProfileObserverOptions) {
    const { queryClient, source, application, environment, profile } = options;
    this.#options = options;
    this.#timers = new Timers(options.clock);
    const queryKey = appConfigQueryKey(source, application, environment, profile, options);
    this.#queryHash = hashKey(queryKey);
    this.#observers = observersOf(queryClient)(this.#queryHash);
    this.#initial = this.#ownSession().last;
    this.queryOptions = createProfileQuery({
      queryKey,
      isKeptForever: isSameStructure(queryKey.at(-1), {}),
      poll: () => this.#poll(),
      last: () => this.session.last,
      msUntilDue: () => this.#msUntilDue(),
    });
  }

  /** The session of the observer that polls the query. */
  get session(): ConfigurationSession<unknown> {
    // Kept fast: an app that has not subscribed yet needs it for every read.
    if (this.#observers.size === 0) return this.#ownSession();
    const [first = this] = this.#observers;
    return first.#ownSession();
  }

  readonly getSnapshot = (): ProfileState => {
    const query = this.#query?.state;
    const { session } = this;
    if (this.#seen?.query !== query || this.#seen?.pollCount !== session.pollCount) {
      this.#seen = { query, pollCount: session.pollCount };
      const next = this.#readState();
      if (!isSameState(this.#state, next)) this.#state = next;
    }
    return this.#state;
  };

  readonly getServerSnapshot = (): ProfileState => {
    if (isServer()) {
      const state = this.getSnapshot();
      // The page that is hydrated with it decides by its own clock how old it is.
      return state.snapshot && !state.error && state.isStale ? { ...state, isStale: false } : state;
    }
    // The page's HTML was made of what came with the page, whatever was polled since.
    if (!this.#serverState.snapshot) {
      const isPolled = this.session.last !== this.#initial;
      const snapshot = isPolled ? this.#initial : this.getSnapshot().snapshot;
      if (snapshot) this.#serverState = { ...NOTHING_KNOWN, snapshot, isStale: false };
    }
    return this.#serverState;
  };

  readonly subscribe = this.#listeners.subscribe;

  /** Whether a poll may go out now: no interval or back-off is under way, and the browser is online. */
  get isPollDue(): boolean {
    return this.#msUntilDue() === 0 && this.#query?.state.fetchStatus !== 'paused';
  }

  /** When the newest document was confirmed, in milliseconds since 1970; 0 before. */
  get dataUpdatedAt(): number {
    return this.#query?.state.dataUpdatedAt ?? 0;
  }

  /** Polls if a poll is due or a back-off may be cut short, and resolves when it is over, well or not. */
  readonly refetch = (): Promise<void> => {
    this.session.cutBackoffShort();
    return this.#fetch();
  };

  /**
   * A promise that is pending until the first poll is over, well or not: afterwards there is a document
   * or an error, also where the browser is offline.
   */
  readonly waitForFirstPoll = (): Promise<void> => {
    this.#firstPoll ??= this.#settleFirstPoll().finally(() => {
      this.#firstPoll = undefined;
    });
    return this.#firstPoll;
  };

  /**
   * On a server nobody subscribes, and so nothing polls: a render that finds the interval over shows what
   * is known and asks for the next one.
   */
  refreshOnServer(): void {
    if (isServer() && this.isPollDue) void this.#fetch();
  }

  /** Goes on with another source of the same name; what is known stays. */
  replaceSource(source: ConfigurationSessionOptions<unknown>['source']): void {
    this.#options.source = source;
    this.dispose();
    if (!this.#listeners.isStarted) return;
    this.#followSource();
    this.#publish();
    void this.#fetch();
  }

  /** Ends the session and drops its token. The next request for the profile starts a new one. */
  dispose(): void {
    const { queryClient } = this.#options;
    const isAlone = this.#observers.size === (this.#observers.has(this) ? 1 : 0);
    if (isAlone && this.#query?.state.fetchStatus === 'fetching') {
      void queryClient.cancelQueries({ queryKey: this.queryOptions.queryKey, exact: true });
    }
    this.#session?.dispose();
    this.#session = undefined;
  }

  get #query(): Query<CachedSnapshot, AppConfigError> | undefined {
    return this.#options.queryClient.getQueryCache().get(this.#queryHash);
  }

  #ownSession(): ConfigurationSession<unknown> {
    if (!this.#session) {
      const { profile, decoders } = this.#options;
      const decoder = decoders && Object.hasOwn(decoders, profile) ? decoders[profile] : undefined;
      this.#session = new ConfigurationSession({
        ...this.#options,
        decode: ({ bytes, contentType }, previous = this.#cached?.value) =>
          shareStructure(
            previous,
            decodeContent(bytes, contentType, this.#options, decoder) ?? null,
          ),
      });
    }
    return this.#session;
  }

  /** What the cache holds, unless somebody wrote something else there. */
  get #cached(): CachedSnapshot | undefined {
    const data: unknown = this.#query?.state.data;
    return isSnapshot(data) ? data : undefined;
  }

  #readState(): ProfileState {
    const { session } = this;
    const query = this.#query?.state;
    const cached = this.#cached;
    const snapshot = cached ?? session.last;
    this.#noteDelivered();
    const error = query?.error instanceof AppConfigError ? query.error : undefined;
    // What was good when it came stays good while the poll that is due then is under way.
    const wasConfirmed = this.#state.snapshot === snapshot && !this.#state.isStale;
    const isConfirmed = session.pollCount > 0 || wasConfirmed || this.#msUntilCacheIsOld() > 0;
    return {
      snapshot,
      error: error ?? (snapshot ? undefined : session.error),
      isStale: error !== undefined || !isConfirmed,
      pollCount: session.pollCount,
      lastPollAt: session.lastAnswerAt,
      nextPollAt: session.nextPollAt,
    };
  }

  #msUntilDue(): number {
    const { session } = this;
    const isNew = session.pollCount === 0 && !session.error;
    return Math.ceil((isNew && this.#msUntilCacheIsOld()) || session.msUntilNextPoll);
  }

  /** A configuration that came with the page or from a persister is good for one interval. */
  #msUntilCacheIsOld(): number {
    if (!this.#cached || this.#query?.state.status !== 'success') return 0;
    const { clock, requiredMinimumPollIntervalInSeconds: seconds = DEFAULT_INTERVAL_IN_SECONDS } =
      this.#options;
    const ageMs = clock.now() - this.dataUpdatedAt;
    return Math.max(0, seconds * 1_000 - Math.max(0, ageMs));
  }

  async #poll(): Promise<CachedSnapshot> {
    const { session } = this;
    this.#noteDelivered();
    const waitMs = session.pollCount === 0 ? this.#options.msBeforeFirstPoll() : 0;
    if (waitMs > 0) await this.#timers.wait(waitMs);
    let snapshot: CachedSnapshot;
    try {
      snapshot = await session.poll();
    } catch (error) {
      const isReplaced =
        error instanceof SessionDisposedError &&
        this.#observers.size > 0 &&
        this.session !== session;
      if (isReplaced) return this.#poll();
      throw error;
    }
    if (session.error) throw session.error;
    const cached = this.#cached;
    if (cached && isSameStructure(cached, snapshot)) {
      this.#delivered = snapshot;
      return cached;
    }
    // What somebody else wrote over this very version stays until there is a new one.
    return cached && snapshot === this.#delivered ? cached : snapshot;
  }

  #start(): () => void {
    const { queryClient, source } = this.#options;
    const [first = this] = this.#observers;
    this.#observers.add(this);
    if (first.#options.source !== source) this.#reportConflict();
    const observerOptions = { ...this.queryOptions, notifyOnChangeProps: 'all' } as const;
    const observer = new QueryObserver(queryClient, observerOptions);
    if (first === this) this.#publish();
    const stops = [
      observer.subscribe(() => {
        // Later, because a query announces its fetch before it can share it.
        queueMicrotask(() => this.#listeners.isStarted && this.#boundFirstPoll());
        this.#listeners.notify();
      }),
      // A query that was removed from the cache is built again, whenever that happens.
      queryClient.getQueryCache().subscribe(({ type, query }) => {
        if (type === 'removed' && query.queryHash === this.#queryHash) {
          observer.setOptions(observerOptions);
        }
      }),
    ];
    this.#followSource();
    this.#boundFirstPoll();
    return () => {
      for (const stop of stops) stop();
      this.#stopFollowing?.();
      this.#stopFollowing = undefined;
      // Not for the moment of a restart, nor between StrictMode's two mounts.
      queueMicrotask(() => this.#listeners.isStarted || this.#timers.endAll());
      this.#observers.delete(this);
      // The next observer has a session of its own, and polls with it.
      const [next] = this.#observers;
      if (next) void next.#fetch();
    };
  }

  /** Follows what the source knows of before the interval is over. */
  #followSource(): void {
    this.#stopFollowing?.();
    const { source, onError } = this.#options;
    try {
      this.#stopFollowing = source.subscribe?.(toConfigurationRequest(this.#options), () => {
        this.session.expectChange();
        // A poll that was under way may have been answered before the change.
        void this.#fetch().then(() => this.#fetch());
      });
    } catch (thrown) {
      onError?.(asAppConfigError(thrown, 'ServiceFailure', 'subscribe of the source'));
    }
  }

  /** What the source knew without asking outranks what an earlier one has left in the cache. */
  #publish(): void {
    const { last } = this.session;
    const cached = this.#cached;
    if (!last || last === this.#delivered || (cached && isSameStructure(cached, last))) return;
    this.#options.queryClient.setQueryData(this.queryOptions.queryKey, last);
  }

  #noteDelivered(): void {
    const { last } = this.session;
    if (last && last === this.#cached) this.#delivered = last;
  }

  /** Limits the wait for a first answer that cannot come. */
  #boundFirstPoll(): void {
    const { snapshot, error } = this.getSnapshot();
    if (!snapshot && !error) void this.waitForFirstPoll();
  }

  #fetch(): Promise<void> {
    return this.#options.queryClient.prefetchQuery(this.queryOptions);
  }

  async #settleFirstPoll(): Promise<void> {
    let fetched = this.#fetch();
    if (this.#query?.state.fetchStatus !== 'paused') return fetched;
    const patience = this.#timers.wait(OFFLINE_PATIENCE_MS).then(() => true);
    const isWaiting = () => this.#query?.state.fetchStatus === 'paused' && !this.#query.state.data;
    // A paused fetch ends with its last observer, and the next one needs another.
    while (isWaiting() && !(await Promise.race([fetched.then(() => false), patience]))) {
      fetched = this.#fetch();
    }
    const query = this.#query;
    if (!query || !isWaiting()) return;
    const error = new RequestError(
      'Offline',
      'The browser is offline, and nothing was loaded before. The first poll goes out when the network is back.',
      { operation: 'GetLatestConfiguration', profile: this.#options.profile, wasSent: false },
    );
    query.setState({ status: 'error', error, errorUpdatedAt: Date.now() });
    this.#options.onError?.(error);
  }

  #reportConflict(): void {
    const { source, profile, onError } = this.#options;
    onError?.(
      new InvalidArgumentError(
        `Two sources of one query cache are called "${source.name}"; the first is used. Make one source, outside of components, or give each a name: appConfigDataSource(client, { name }).`,
        { profile },
      ),
    );
  }
}
