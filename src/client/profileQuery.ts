import {
  hashKey,
  QueryObserver,
  type Query,
  type QueryCacheNotifyEvent,
  type QueryClient,
} from '@tanstack/react-query';
import { decodeContent, isSameStructure, shareStructure } from '../configuration/index.ts';
import { asAppConfigError, RequestError, type AppConfigError } from '../errors/index.ts';
import {
  systemClock,
  Timers,
  type Clock,
  type ConfigurationContent,
  type ConfigurationSnapshot,
  type ConfigurationSource,
} from '../session/index.ts';
import { appConfigQueryKey } from './appConfigQueryKey.ts';
import { createProfileQueryOptions, type ProfileQueryOptions } from './profileQueryOptions.ts';
import {
  chooseReader,
  decoderOf,
  DEFAULT_INTERVAL_IN_SECONDS,
  findConflict,
  type ProfileReader,
} from './profileReader.ts';
import {
  isSameState,
  isSnapshot,
  NOTHING_KNOWN,
  type CachedSnapshot,
  type ProfileState,
} from './profileState.ts';
import { sessionOf } from './sessions.ts';
import type { SessionListener, SharedSession } from './sharedSession.ts';
import { startedQueriesOf, type StartedQuery } from './startedQueries.ts';
import { countUnused, delayOfUnused, forgetUnused } from './unusedSessions.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** How long a first answer may be awaited while the browser is offline. */
const OFFLINE_PATIENCE_MS = 5_000;

/**
 * A profile in the query cache: decodes what its session brings, and tells one state to all who read it.
 * While somebody subscribes there is one for each query of a cache; it polls, and hears of each change as
 * it happens. Before that, anybody may make one to read with: it leaves nothing behind.
 */
export class ProfileQuery implements StartedQuery {
  readonly options: ProfileQueryOptions;
  readonly #queryClient: QueryClient;
  readonly #started;
  readonly #hash: string;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #readers = new Set<ProfileReader>();
  /** Whose session and whose decoder are in use. */
  #reader: ProfileReader;
  #session: SharedSession | undefined;
  #source: ConfigurationSource | undefined;
  /** The session that it listens to. */
  #heard: SharedSession | undefined;
  #polls = 0;
  #observer: { readonly stop: () => void; readonly rebuild: () => void } | undefined;
  /** What was decoded last, good or bad. */
  #content: ConfigurationSnapshot<ConfigurationContent> | undefined;
  #contentError: AppConfigError | undefined;
  /** What our query resolves with: anything else in the cache was written by others. */
  #delivered: CachedSnapshot | undefined;
  /** What was in the cache, and when it came there by this machine's clock: others' may be ahead of it. */
  #written: { readonly data: unknown; readonly at: number } | undefined;
  /** Whether what is known comes from a source that was replaced since. */
  #isOfOldSource = false;
  /** Why nothing is known, although no poll has failed. */
  #offlineError: AppConfigError | undefined;
  #state = NOTHING_KNOWN;
  #seenQuery: unknown;
  #seenRevision: number | undefined;
  #firstPoll: Promise<void> | undefined;

  /** @param reader whose options count until somebody subscribes */
  constructor(queryClient: QueryClient, reader: ProfileReader) {
    const { source, application, environment, profile, clock = systemClock } = reader.options;
    this.#queryClient = queryClient;
    this.#started = startedQueriesOf<ProfileQuery>(queryClient);
    this.#reader = reader;
    this.#clock = clock;
    this.#timers = new Timers(clock);
    const queryKey = appConfigQueryKey(source, application, environment, profile, reader.options);
    this.#hash = hashKey(queryKey);
    this.options = createProfileQueryOptions({
      queryKey,
      poll: () => this.current.#poll(),
      last: () => this.current.#accept(),
      msUntilDue: () => this.current.msUntilDue,
    });
  }

  /** The one that is subscribed to in this cache, else this one. */
  get current(): ProfileQuery {
    return this.#started.get(this.#hash) ?? this;
  }

  /** What is known; the same object until something changes. */
  get state(): ProfileState {
    // While somebody subscribes, each change arrives before anybody can ask.
    if (!this.#observer) this.#look();
    return this.#state;
  }

  /** The session in use; a new one where that has ended. */
  get session(): SharedSession {
    if (!this.#session || this.#session.isEnded) return this.#useSession();
    return this.#session;
  }

  /** When the newest document was confirmed, in milliseconds since 1970; 0 before. */
  get dataUpdatedAt(): number {
    return this.#query?.state.dataUpdatedAt ?? 0;
  }

  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  get msUntilDue(): number {
    const { session } = this.session;
    const isNew = session.pollCount === 0 && !session.error && !this.#isOfOldSource;
    return Math.ceil((isNew && this.#msUntilOld()) || session.msUntilNextPoll);
  }

  /** Whether a poll may go out now: no interval or back-off is under way, and the browser is online. */
  get isPollDue(): boolean {
    return this.msUntilDue === 0 && this.#query?.state.fetchStatus !== 'paused';
  }

  /** Whether somebody subscribes. */
  get isStarted(): boolean {
    return this.#observer !== undefined;
  }

  /**
   * Subscribes, to this query or to the one that others subscribe to.
   *
   * @returns the query to read from now on, and a function that ends the subscription
   */
  join(reader: ProfileReader): { readonly query: ProfileQuery; readonly leave: () => void } {
    const query = this.current;
    query.#add(reader);
    return { query, leave: () => query.#remove(reader) };
  }

  /** A reader has another source now: it is asked at once, unless others stay with the old one. */
  followReader(reader: ProfileReader): void {
    this.#choose();
    // Others may follow in the same commit, as after a hot reload.
    queueMicrotask(() => this.#readers.has(reader) && this.#reportConflict(reader));
  }

  /** Polls if a poll is due, and resolves when it is over, well or not. */
  readonly fetch = (): Promise<void> => this.#queryClient.prefetchQuery(this.options);

  /** The same, and cuts a back-off short where it may. */
  readonly refetch = (): Promise<void> => {
    this.current.session.session.cutBackoffShort();
    return this.fetch();
  };

  /**
   * A promise that is pending until the first poll is over, well or not: afterwards there is a document
   * or an error, also where the browser is offline.
   */
  waitForFirstPoll(): Promise<void> {
    const query = this.current;
    query.#firstPoll ??= query.#settleFirstPoll().finally(() => {
      query.#firstPoll = undefined;
    });
    return query.#firstPoll;
  }

  /** Ends its session at once, unless others use it. */
  endSession(): void {
    this.#session?.endUnlessUsed();
  }

  /** On a server nobody subscribes: a render that finds the interval over asks for the next one. */
  refreshUnlessStarted(): void {
    const { session } = this.session;
    if (this.current.isStarted || !session.last || session.msUntilNextPoll > 0) return;
    // Not through the cache: what a request has prefetched is still to come there.
    this.#poll().catch(() => undefined);
  }

  readonly onCacheEvent = (event: QueryCacheNotifyEvent): void => {
    // A query that was removed from the cache is built again, whenever that happens.
    if (event.type === 'removed') this.#observer?.rebuild();
    if (event.type !== 'removed' && event.type !== 'added' && event.type !== 'updated') return;
    this.#look();
    // Later, because a query announces its fetch before it can share it.
    if (!this.#isSettled) queueMicrotask(() => this.#boundFirstPoll());
  };

  readonly #listener: SessionListener = {
    onAnswer: (isPolled) => {
      this.#isOfOldSource = false;
      this.#offlineError = undefined;
      if (!this.#observer) countUnused(this.#reader.options.source, this.#clock);
      this.#accept(true);
      if (this.#contentError) this.#report(this.#contentError);
      this.#settle(isPolled);
    },
    onFailure: (error, isPolled) => {
      this.#report(error);
      this.#settle(isPolled);
    },
    onChange: () => {
      // A poll that was under way may have been answered before the change.
      void this.fetch().then(this.fetch);
    },
    onEnd: () => {
      if (this.#query?.state.fetchStatus === 'idle') return;
      const { queryKey } = this.options;
      void this.#queryClient.cancelQueries({ queryKey, exact: true });
    },
  };

  get #query(): Query<CachedSnapshot, AppConfigError> | undefined {
    return this.#queryClient.getQueryCache().get(this.#hash);
  }

  /** What the cache holds, unless somebody wrote something else there. */
  get #cached(): CachedSnapshot | undefined {
    const data: unknown = this.#query?.state.data;
    return isSnapshot(data) ? data : undefined;
  }

  get #isSettled(): boolean {
    return this.#state.snapshot !== undefined || this.#state.error !== undefined;
  }

  #add(reader: ProfileReader): void {
    this.#readers.add(reader);
    if (this.#observer) {
      this.#reportConflict(reader);
      this.#choose();
      reader.onSession(this.session);
    } else this.#start();
  }

  #remove(reader: ProfileReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) this.#choose();
    else this.#stop();
  }

  #start(): void {
    this.#choose();
    forgetUnused(this.#reader.options.source, this.#clock);
    this.#started.set(this.#hash, this);
    const options = { ...this.options, notifyOnChangeProps: [] };
    const observer = new QueryObserver(this.#queryClient, options);
    this.#writeIfNewer();
    this.#observer = {
      stop: observer.subscribe(() => undefined),
      rebuild: () => observer.setOptions(options),
    };
    this.#listen();
    for (const reader of this.#readers) reader.onSession(this.session);
    if (this.#contentError) this.#report(this.#contentError);
    this.#look();
    this.#boundFirstPoll();
  }

  #stop(): void {
    this.#started.delete(this.#hash);
    this.#observer?.stop();
    this.#observer = undefined;
    this.#listen();
    // Not for the moment of a restart, nor between StrictMode's two mounts.
    queueMicrotask(() => this.#observer || this.#timers.endAll());
  }

  #choose(): void {
    this.#reader = chooseReader(this.#readers, this.#source) ?? this.#reader;
    if (!this.#session || sessionOf(this.#reader.options) !== this.#session) this.#useSession();
  }

  #useSession(): SharedSession {
    const { source } = this.#reader.options;
    const session = sessionOf(this.#reader.options);
    const isOtherSource = this.#source !== undefined && this.#source !== source;
    this.#session = session;
    this.#source = source;
    this.#content = undefined;
    this.#seenRevision = undefined;
    if (isOtherSource) {
      this.#isOfOldSource = true;
      this.#delivered = undefined;
      this.#contentError = undefined;
      this.#offlineError = undefined;
    }
    this.#listen();
    if (!this.#observer) return session;
    for (const reader of this.#readers) reader.onSession(session);
    this.#writeIfNewer();
    this.#look();
    if (isOtherSource) void this.fetch();
    return session;
  }

  /** Listens to its session while somebody subscribes, and for the length of a poll. */
  #listen(): void {
    const isWanted = this.#observer !== undefined || this.#polls > 0;
    const session = isWanted ? this.#session : undefined;
    if (session !== this.#heard) this.#heard?.unlisten(this.#listener);
    this.#heard = session;
    session?.listen(this.#listener, this.#observer !== undefined);
  }

  #reportConflict(reader: ProfileReader): void {
    const conflict = findConflict(this.#reader, reader);
    if (conflict) reader.onError(conflict);
  }

  #report(error: AppConfigError): void {
    const readers = this.#readers.size > 0 ? this.#readers : [this.#reader];
    for (const reader of readers) reader.onError(error);
  }

  async #poll(): Promise<CachedSnapshot> {
    const session = this.session;
    const { source } = this.#reader.options;
    this.#polls += 1;
    this.#listen();
    try {
      const waitMs = this.#observer ? 0 : delayOfUnused(source, this.#clock);
      if (waitMs > 0) {
        this.#reader.onDelay();
        await this.#timers.wait(waitMs);
      }
      await session.poll();
    } catch (thrown) {
      // The session was replaced while it was asked.
      if (this.#observer && session !== this.#session) return this.#poll();
      const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
      if (!session.isEnded) this.#report(error);
      throw error;
    } finally {
      this.#polls -= 1;
      this.#listen();
    }
    const delivered = this.#accept();
    if (this.#contentError || !delivered) throw this.#contentError;
    return delivered;
  }

  /** Takes over what the session knows, if it is new or was just confirmed; returns what is good of it. */
  #accept(isConfirmed = false): CachedSnapshot | undefined {
    const { last, pollIntervalInSeconds } = this.session.session;
    if (!last || (last === this.#content && !isConfirmed)) return this.#delivered;
    const { value: content, ...version } = last;
    const isDecoded = content === this.#content?.value;
    this.#content = last;
    try {
      const value = isDecoded ? this.#delivered?.value : this.#decode(content);
      if (!isDecoded) this.#contentError = undefined;
      if (!this.#contentError) {
        // What is equal stays the same object, whoever put it into the cache.
        const known = this.#cached ?? this.#delivered;
        const next = { ...version, value, pollIntervalInSeconds };
        this.#delivered = isSameStructure(known, next) ? known : next;
      }
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'decode');
      if (this.#contentError?.message !== error.message) {
        error.profile ??= this.#reader.options.profile;
        this.#contentError = error;
        this.session.session.renew();
      }
    }
    return this.#delivered;
  }

  #decode({ bytes, contentType }: ConfigurationContent): unknown {
    const { options } = this.#reader;
    const value = decodeContent(bytes, contentType, options, decoderOf(this.#reader)) ?? null;
    return shareStructure((this.#cached ?? this.#delivered)?.value, value);
  }

  /** A poll of our own ends with an event of the cache; the outcome of any other is written here. */
  #settle(isPolled: boolean): void {
    const isOurs = isPolled && this.#query?.state.fetchStatus === 'fetching';
    if (isOurs || !this.#observer) return;
    if (!this.session.session.error) this.#write();
    this.#look();
  }

  #write(): void {
    const { lastAnswerAt: updatedAt = 0 } = this.session.session;
    if (!this.#delivered || this.#cached === this.#delivered) return;
    this.#queryClient.setQueryData(this.options.queryKey, this.#delivered, { updatedAt });
  }

  /** What the session knows outranks what was in the cache before it was answered. */
  #writeIfNewer(): void {
    this.#accept();
    const { lastAnswerAt = 0 } = this.session.session;
    if (!this.#cached || this.#isOfOldSource || lastAnswerAt >= this.#writtenAt()) this.#write();
  }

  /** When the cache was written, by this machine's clock; 0 before. */
  #writtenAt(): number {
    const query = this.#query?.state;
    const { data, dataUpdatedAt: at = 0 } = query ?? {};
    if (this.#written?.data !== data) this.#written = { data, at: Math.min(at, this.#clock.now()) };
    return this.#written?.at ?? 0;
  }

  /** Milliseconds for which a configuration that came with the page or from a persister is good. */
  #msUntilOld(): number {
    const cached = this.#cached;
    if (!cached || this.#query?.state.status !== 'success') return 0;
    const seconds =
      this.#reader.options.requiredMinimumPollIntervalInSeconds ??
      cached.pollIntervalInSeconds ??
      DEFAULT_INTERVAL_IN_SECONDS;
    const ageMs = Math.max(0, this.#clock.now() - this.#writtenAt());
    return Math.max(0, seconds * 1_000 - ageMs);
  }

  /** Finds out what is known now, and tells it if it is something else than before. */
  #look(): void {
    const query = this.#query?.state;
    const { session, revision } = this.session;
    const isSeen = query === this.#seenQuery && revision === this.#seenRevision;
    if (isSeen && !this.#offlineError) return;
    this.#seenQuery = query;
    this.#seenRevision = revision;
    this.#accept();
    const { pollCount, lastAnswerAt: lastPollAt, nextPollAt } = session;
    const snapshot = this.#cached ?? this.#delivered;
    const error =
      session.error ?? this.#contentError ?? (snapshot ? undefined : this.#offlineError);
    // What was good when it came stays good while the poll that is due then is under way.
    const wasConfirmed = this.#state.snapshot === snapshot && !this.#state.isStale;
    const isConfirmed = pollCount > 0 || wasConfirmed || this.#msUntilOld() > 0;
    const isStale = error !== undefined || this.#isOfOldSource || !isConfirmed;
    const next = { snapshot, error, isStale, pollCount, lastPollAt, nextPollAt };
    if (isSameState(this.#state, next)) return;
    this.#state = next;
    if (this.#observer) for (const reader of this.#readers) reader.onState();
  }

  /** Limits the wait for a first answer that cannot come. */
  #boundFirstPoll(): void {
    if (this.#observer && !this.#isSettled) void this.waitForFirstPoll();
  }

  async #settleFirstPoll(): Promise<void> {
    let fetched = this.fetch();
    if (this.#query?.state.fetchStatus !== 'paused') return fetched;
    const patience = this.#timers.wait(OFFLINE_PATIENCE_MS).then(() => true);
    const isWaiting = () => this.#query?.state.fetchStatus === 'paused' && !this.#query.state.data;
    // A paused fetch ends with its last observer, and the next one needs another.
    while (isWaiting() && !(await Promise.race([fetched.then(() => false), patience]))) {
      fetched = this.fetch();
    }
    const query = this.#query;
    if (!query || !isWaiting()) return;
    const { profile } = this.#reader.options;
    const error = new RequestError(
      'Offline',
      process.env.NODE_ENV !== 'production' &&
        'The browser is offline, and nothing was loaded before. The first poll goes out when the network is back.',
      { operation: 'GetLatestConfiguration', profile, wasSent: false },
    );
    this.#offlineError = error;
    query.setState({ status: 'error', error, errorUpdatedAt: Date.now() });
    this.#look();
    this.#report(error);
  }
}
