import {
  hashKey,
  QueryObserver,
  type Query,
  type QueryCacheNotifyEvent,
  type QueryClient,
} from '@tanstack/react-query';
import {
  decodeContent,
  freezeDecoded,
  isSameStructure,
  shareStructure,
} from '../configuration/index.ts';
import { asAppConfigError, RequestError, type AppConfigError } from '../errors/index.ts';
import {
  createTimers,
  inMicrotask,
  isServer,
  systemClock,
  type ConfigurationContent,
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
  keepIfSame,
  isSnapshot,
  NOTHING_KNOWN,
  type CachedSnapshot,
  type ProfileState,
} from './profileState.ts';
import { sessionOf } from './sessions.ts';
import type { SessionListener, SharedSession } from './sharedSession.ts';
import { startedQueriesOf } from './startedQueries.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** How long a first answer may be awaited while the browser is offline. */
const OFFLINE_PATIENCE_MS = 5_000;

/**
 * A profile in the query cache: decodes what its session brings, and tells one state to all who read it.
 * While somebody subscribes there is one for each query of a cache; it polls, and hears of each change as
 * it happens. Before that, anybody may make one to read with: it leaves nothing behind.
 */
export interface ProfileQuery {
  readonly options: ProfileQueryOptions;
  /** The one that is subscribed to in this cache, else this one. */
  readonly getCurrent: () => ProfileQuery;
  /** What is known; the same object until something changes. */
  readonly getState: () => ProfileState;
  /** What a page was hydrated with: not what it has polled since. */
  readonly getHydratedState: () => ProfileState;
  /** The session in use; a new one where that has ended. */
  readonly getShared: () => SharedSession;
  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  readonly msUntilDue: () => number;
  /** Whether a poll may go out now: no interval or back-off is under way, and the browser is online. */
  readonly isPollDue: () => boolean;
  /** Subscribes, until the function that this returns is called. */
  readonly add: (reader: ProfileReader) => () => void;
  /** A reader has another source now: it is asked at once, unless others stay with the old one. */
  readonly followReader: (reader: ProfileReader) => void;
  /** Polls, as the query's function. */
  readonly poll: () => Promise<CachedSnapshot>;
  /** Takes over what the session knows; returns what is good of it. */
  readonly accept: () => CachedSnapshot | undefined;
  /** Polls if a poll is due, and resolves when it is over, well or not; cuts a back-off short where it may. */
  readonly refetch: () => Promise<void>;
  /**
   * A promise that is pending until the first poll is over, well or not: afterwards there is a document
   * or an error, also where the browser is offline.
   */
  readonly waitForFirstPoll: () => Promise<void>;
  /** Ends its session at once, unless others use it. */
  readonly endSession: () => void;
  /** On a server nobody subscribes: a render that finds the interval over asks for the next one. */
  readonly refreshUnlessStarted: () => void;
  readonly onCacheEvent: (event: QueryCacheNotifyEvent) => void;
}

/** @param maker whose options count until somebody subscribes */
export function createProfileQuery(queryClient: QueryClient, maker: ProfileReader): ProfileQuery {
  const {
    source: firstSource,
    application,
    environment,
    profile,
    clock = systemClock,
  } = maker.options;
  const queryKey = appConfigQueryKey(firstSource, application, environment, profile, maker.options);
  const hash = hashKey(queryKey);
  const started = startedQueriesOf<ProfileQuery>(queryClient);
  const cache = queryClient.getQueryCache();
  const timers = createTimers(clock);
  const readers = new Set<ProfileReader>();
  /** Whose session and whose decoder are in use. */
  let used = maker;
  let shared: SharedSession | undefined;
  let source: ConfigurationSource | undefined;
  /** While somebody subscribes. */
  let observer: QueryObserver<CachedSnapshot, AppConfigError> | undefined;
  let stopObserving: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  /** How many polls are under way. */
  let polls = 0;
  /** The answer that was taken over last, by its number, and its content, good or bad. */
  let acceptedCount: number | undefined;
  let content: ConfigurationContent | undefined;
  let contentError: AppConfigError | undefined;
  /** What our query resolves with: anything else in the cache was written by others. */
  let delivered: CachedSnapshot | undefined;
  /** What was delivered and has been in the cache: others did not write it. */
  let ours: CachedSnapshot | undefined;
  /** What was in the cache, and when it came there by this machine's clock: others' may be ahead of it. */
  let written: { readonly data: unknown; readonly at: number } | undefined;
  /** Whether what is known comes from a source that was replaced since. */
  let isOfOldSource = false;
  /** Whether a person or the source wants a poll: the age of the cache is no reason against it. */
  let isAskedFor = false;
  /** Why nothing is known, although no poll has failed. */
  let offlineError: AppConfigError | undefined;
  let state = NOTHING_KNOWN;
  let seenQuery: unknown;
  let seenSession: unknown;
  let firstPoll: Promise<void> | undefined;

  const getCurrent = () => started.get(hash) ?? query;
  const findQuery = (): Query<CachedSnapshot, AppConfigError> | undefined => cache.get(hash);
  /** What the cache holds, unless somebody wrote something else there. */
  const getCached = () => {
    const data: unknown = findQuery()?.state.data;
    return isSnapshot(data) ? data : undefined;
  };
  const getShared = () => (!shared || shared.isEnded ? takeSession() : shared);
  const getSession = () => getShared().session;
  const isSettled = () => state.snapshot !== undefined || state.error !== undefined;
  const options = createProfileQueryOptions(queryKey, getCurrent);
  const fetch = () => queryClient.prefetchQuery(options);

  /** When the cache was written, by this machine's clock; 0 before. */
  function getWrittenAt(): number {
    const { data, dataUpdatedAt: at = 0 } = findQuery()?.state ?? {};
    // A prerendered page must not depend on the time, and a server's cache is its own.
    if (isServer()) return at;
    if (written?.data !== data) written = { data, at: Math.min(at, clock.now()) };
    return written?.at ?? 0;
  }

  /** Milliseconds for which a configuration that came with the page or from a persister is good. */
  function msUntilOld(): number {
    const cached = getCached();
    if (!cached || findQuery()?.state.status !== 'success') return 0;
    const seconds =
      used.options.requiredMinimumPollIntervalInSeconds ??
      cached.pollIntervalInSeconds ??
      DEFAULT_INTERVAL_IN_SECONDS;
    const ageMs = Math.max(0, clock.now() - getWrittenAt());
    return Math.max(0, seconds * 1_000 - ageMs);
  }

  function msUntilDue(): number {
    const { pollCount, error, opensAt } = getSession().state;
    const isNew = pollCount === 0 && !error && !isOfOldSource && !isAskedFor;
    // Time has passed as soon as either clock says so.
    const leftMs = Math.min(opensAt.now - clock.now(), opensAt.monotonicNow - clock.monotonicNow());
    return Math.ceil((isNew && msUntilOld()) || Math.max(0, leftMs));
  }

  const listener: SessionListener = {
    onEvent(isPolled, error) {
      if (!error) accept();
      const failure = error ?? contentError;
      if (failure) report(failure);
      // A poll of our own ends with an event of the cache; the outcome of any other is written here.
      const isOurs = isPolled && findQuery()?.state.fetchStatus === 'fetching';
      if (isOurs || !observer) return;
      if (!getSession().state.error) write();
      look();
    },
    onChange() {
      isAskedFor = true;
      // A poll that was under way may have been answered before the change.
      void fetch().then(fetch);
    },
    onEnd() {
      if (findQuery()?.state.fetchStatus !== 'idle') {
        void queryClient.cancelQueries({ queryKey, exact: true });
      }
    },
  };

  function report(error: AppConfigError): void {
    for (const reader of readers.size > 0 ? readers : [used]) reader.onError(error);
  }

  function reportConflict(reader: ProfileReader): void {
    if (process.env.NODE_ENV !== 'production') {
      const conflict = findConflict(used, reader);
      if (conflict) reader.onError(conflict);
    }
  }

  function choose(): void {
    used = chooseReader(readers, source) ?? used;
    takeSession();
  }

  function takeSession(): SharedSession {
    const next = sessionOf(used.options, hash);
    if (next === shared) return next;
    const isOtherSource = source !== undefined && source !== used.options.source;
    shared = next;
    source = used.options.source;
    acceptedCount = undefined;
    content = undefined;
    if (isOtherSource) {
      isOfOldSource = next.session.state.pollCount === 0;
      ours = undefined;
      delivered = undefined;
      contentError = undefined;
      offlineError = undefined;
    }
    if (observer) {
      listen();
      for (const reader of readers) reader.onSession(next);
      writeIfNewer(isOtherSource);
      look();
      if (isOtherSource) void fetch();
    }
    return next;
  }

  function listen(): void {
    stopListening?.();
    stopListening = getShared().listen(listener);
  }

  /** A poll that is under way hears of the end of its session. */
  function unlisten(): void {
    if (observer || polls > 0) return;
    stopListening?.();
    stopListening = undefined;
  }

  function add(reader: ProfileReader): () => void {
    readers.add(reader);
    if (observer) {
      reportConflict(reader);
      choose();
    } else start();
    return () => {
      readers.delete(reader);
      if (readers.size > 0) choose();
      else stop();
    };
  }

  function start(): void {
    choose();
    started.set(hash, query);
    const observerOptions = { ...options, notifyOnChangeProps: [] };
    const queryObserver = new QueryObserver(queryClient, observerOptions);
    writeIfNewer();
    observer = queryObserver;
    stopObserving = queryObserver.subscribe(() => undefined);
    listen();
    if (contentError) report(contentError);
    look();
    boundFirstPoll();
  }

  function stop(): void {
    started.delete(hash);
    stopObserving?.();
    observer = undefined;
    unlisten();
    // Nobody would tell a poll that waits for the network that it is back.
    const left = findQuery();
    if (left?.state.fetchStatus === 'paused' && left.getObserversCount() === 0) {
      void left.cancel({ revert: true, silent: true });
    }
    // Not for the moment of a restart, nor between StrictMode's two mounts.
    inMicrotask(() => observer ?? timers.endAll());
  }

  async function poll(): Promise<CachedSnapshot> {
    const asked = getShared();
    const { pollCount } = asked.session.state;
    if (!observer) {
      used.onSession(asked);
      const waitMs = used.delayMs();
      if (waitMs > 0) await timers.wait(waitMs);
    }
    polls += 1;
    // Others may be gone before those who wait for this one without a subscription.
    const failure = await asked.poll(!observer);
    polls -= 1;
    unlisten();
    if (observer && asked !== shared) return poll();
    const good = failure ? undefined : accept();
    const error = failure ?? contentError;
    if (error || !good) {
      if (error && !asked.isEnded) report(error);
      throw error;
    }
    // Nothing was asked: what others have written since stays until the service says something.
    const cached = getCached();
    const isUnasked = asked.session.state.pollCount === pollCount;
    const isOlder = (asked.session.state.lastAnswerAt ?? 0) < getWrittenAt();
    return cached && isUnasked && isOlder ? cached : good;
  }

  /** Takes over the session's newest answer; returns what is good of what it knows. */
  function accept(): CachedSnapshot | undefined {
    const { last, pollCount, pollIntervalInSeconds } = getSession().state;
    if (!last || pollCount === acceptedCount) return delivered;
    acceptedCount = pollCount;
    isOfOldSource = false;
    isAskedFor = false;
    offlineError = undefined;
    // What is equal stays the same object, whoever put it into the cache.
    const known = getCached() ?? delivered;
    const { value: newest, ...version } = last;
    const isDecoded = newest === content;
    content = newest;
    try {
      const value = isDecoded ? delivered?.value : decode(newest, known);
      if (!isDecoded) contentError = undefined;
      if (!contentError) {
        const { isPersonal } = used.options.source;
        const next = {
          ...version,
          value,
          pollIntervalInSeconds,
          ...(isPersonal && { isPersonal }),
        };
        delivered = isSameStructure(known, next) ? known : next;
      }
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'decode');
      if (contentError?.message !== error.message) {
        error.profile ??= profile;
        contentError = error;
        getSession().renew();
      }
    }
    return delivered;
  }

  function decode(
    { bytes, contentType }: ConfigurationContent,
    known: CachedSnapshot | undefined,
  ): unknown {
    const decoder = decoderOf(used);
    const value = shareStructure(
      known?.value,
      decodeContent(bytes, contentType, used.options, decoder) ?? null,
    );
    if (process.env.NODE_ENV !== 'production') freezeDecoded(value, decoder);
    return value;
  }

  function write(): void {
    const { lastAnswerAt: updatedAt = 0 } = getSession().state;
    if (delivered && getCached() !== delivered) {
      queryClient.setQueryData(queryKey, delivered, { updatedAt });
    }
  }

  /** What the session knows outranks what was in the cache before it was answered. */
  function writeIfNewer(isNewer = false): void {
    accept();
    const { lastAnswerAt = 0 } = getSession().state;
    if (isNewer || !getCached() || lastAnswerAt >= getWrittenAt()) write();
  }

  /** Finds out what is known now, and tells it if it is something else than before. */
  function look(): void {
    const queryState = findQuery()?.state;
    const session = getSession().state;
    if (queryState === seenQuery && session === seenSession) return;
    seenQuery = queryState;
    seenSession = session;
    accept();
    const { pollCount, lastAnswerAt: lastPollAt, opensAt } = session;
    const nextPollAt = Number.isFinite(opensAt.now) ? opensAt.now : undefined;
    const cached = getCached();
    // Without a subscriber, nobody has written what was polled elsewhere since.
    const isNewer = cached === ours || (!observer && (lastPollAt ?? 0) > getWrittenAt());
    const snapshot = (isNewer && delivered) || (cached ?? delivered);
    if (cached === delivered) ours = delivered;
    const error = session.error ?? contentError ?? (snapshot ? undefined : offlineError);
    // What was good when it came stays good while the poll that is due then is under way.
    const wasConfirmed = state.snapshot === snapshot && !state.isStale;
    // On a server the page decides by its own clock: a prerendered one must not depend on the time.
    const isConfirmed = pollCount > 0 || wasConfirmed || isServer() || msUntilOld() > 0;
    const isStale = error !== undefined || isOfOldSource || !isConfirmed;
    const before = state;
    const { dataUpdatedAt = 0 } = queryState ?? {};
    const times = { lastPollAt, dataUpdatedAt, nextPollAt };
    state = keepIfSame(before, { snapshot, error, isStale, pollCount, ...times });
    if (observer && state !== before) for (const reader of readers) reader.onState();
  }

  /** Limits the wait for a first answer that cannot come. */
  function boundFirstPoll(): void {
    if (observer && !isSettled()) void waitForFirstPoll();
  }

  function waitForFirstPoll(): Promise<void> {
    firstPoll ??= settleFirstPoll().finally(() => {
      firstPoll = undefined;
    });
    return firstPoll;
  }

  async function settleFirstPoll(): Promise<void> {
    let fetched = fetch();
    if (findQuery()?.state.fetchStatus !== 'paused') return fetched;
    const patience = timers.wait(OFFLINE_PATIENCE_MS).then(() => true);
    const findWaiting = () => {
      const paused = findQuery();
      return paused?.state.fetchStatus === 'paused' && !paused.state.data ? paused : undefined;
    };
    // A paused fetch ends with its last observer, and the next one needs another.
    while (findWaiting() && !(await Promise.race([fetched.then(() => false), patience]))) {
      fetched = fetch();
    }
    const waiting = findWaiting();
    if (!waiting) return;
    const error = new RequestError(
      'Offline',
      process.env.NODE_ENV !== 'production' &&
        'The browser is offline, and nothing was loaded before. The first poll goes out when the network is back.',
      { operation: 'GetLatestConfiguration', profile, wasSent: false },
    );
    offlineError = error;
    waiting.setState({ status: 'error', error, errorUpdatedAt: Date.now() });
    look();
    report(error);
  }

  const query: ProfileQuery = {
    options,
    getCurrent,
    getState() {
      // While somebody subscribes, each change arrives before anybody can ask.
      if (!observer) look();
      return state;
    },
    getHydratedState() {
      const { session, initial } = getShared();
      const known = query.getState();
      if (isServer() || session.state.last === initial) return known;
      const snapshot = getCached();
      return snapshot ? { ...known, snapshot } : NOTHING_KNOWN;
    },
    getShared,
    msUntilDue,
    isPollDue: () => msUntilDue() === 0 && findQuery()?.state.fetchStatus !== 'paused',
    add,
    followReader(reader) {
      choose();
      if (process.env.NODE_ENV !== 'production') {
        // Others may follow in the same commit, as after a hot reload.
        inMicrotask(() => readers.has(reader) && reportConflict(reader));
      }
    },
    poll,
    accept,
    refetch() {
      isAskedFor = true;
      getSession().cutBackoffShort();
      return fetch();
    },
    waitForFirstPoll,
    endSession: () => shared?.endUnlessUsed(),
    refreshUnlessStarted() {
      if (started.has(hash) || !getSession().isDueForServer()) return;
      // Later, because a prerendered page must not depend on the time; and not through the cache, because what
      // a request has prefetched is still to come there.
      setTimeout(() => void poll().catch(() => undefined));
    },
    onCacheEvent({ type }) {
      // A query that was removed from the cache is built again, whenever that happens.
      if (type === 'removed') observer?.setOptions(observer.options);
      if (type !== 'removed' && type !== 'added' && type !== 'updated') return;
      look();
      // Later, because a query announces its fetch before it can share it.
      if (!isSettled()) inMicrotask(boundFirstPoll);
    },
  };
  return query;
}
