import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import {
  callListener,
  ConfigurationSession,
  isForEverybody,
  isServer,
  systemClock,
  toConfigurationRequest,
  type ConfigurationContent,
  type ConfigurationSnapshot,
  type ConfigurationSessionOptions,
  type LatestConfiguration,
  type SessionState,
} from '../session/index.ts';

/** What a render that was thrown away has left is found again for so long: React renders anew at once. */
export const MOMENT_MS = 10_000;

/** What a session is asked, by whom it is asked, and in whose time. */
export type SharedSessionOptions = Omit<
  ConfigurationSessionOptions<ConfigurationContent>,
  'decode' | 'onError'
>;

/** Who is told what becomes of a session. */
export interface SessionListener {
  /** There is an answer, whoever asked; `isPolled` says whether it ends a poll. */
  readonly onAnswer: (isPolled: boolean) => void;
  /** There is none, and why: called for each failure, perhaps more than once. */
  readonly onFailure: (error: AppConfigError, isPolled: boolean) => void;
  /** The source knows of a change. */
  readonly onChange: () => void;
  /** Its last user is gone: what is under way ends. */
  readonly onEnd: () => void;
}

/**
 * One session for everybody who asks the same question of a source. It holds bytes; what they mean is for
 * its listeners to say.
 */
export interface SharedSession {
  /** What it knows, as of its newest answer or failure; another object after each. */
  readonly state: SessionState<ConfigurationContent>;
  /** What the source knew without being asked. */
  readonly initial: ConfigurationSnapshot<ConfigurationContent> | undefined;
  /** Whether its last user is gone, or it was dropped for others. */
  readonly isEnded: boolean;
  /** Whether it depends on who asks, and nobody listens to it, not even for the length of a poll. */
  readonly isDispensable: () => boolean;
  /** Whether a page has thrown it away, and that long ago that what it knows is no news. */
  readonly isForgotten: () => boolean;
  /** Whether the next poll is due, without a look at the time of day. */
  readonly isDueForServer: () => boolean;
  /** Lets the next poll go out although the session backs off, where a person may. */
  readonly cutBackoffShort: () => void;
  /** Begins anew with the next poll: what was delivered cannot be used. */
  readonly renew: () => void;
  /** Finds out anew when the next poll may go out. */
  readonly refresh: () => void;
  /** Keeps it until the function that this returns is called, and for the rest of that task. */
  readonly hold: () => () => void;
  /** Keeps it for the length of a poll; giving it back ends nothing. */
  readonly borrow: () => () => void;
  /** Ends it unless somebody holds it, or it is a server's for everybody. */
  readonly endUnlessUsed: () => void;
  readonly end: () => void;
  /**
   * Polls if the session's rules allow it.
   *
   * @throws AppConfigError, as a rejection, if the poll failed or its content is unknown.
   */
  readonly poll: () => Promise<void>;
  /**
   * Tells a listener of answers and failures; one that follows is also told of changes that the source knows of
   * before the interval is over. Called again, it only changes that.
   */
  readonly listen: (listener: SessionListener, follows: boolean) => void;
  readonly unlisten: (listener: SessionListener) => void;
}

/** @param onEnd called when its last user is gone */
export function createSharedSession(
  options: SharedSessionOptions,
  onEnd: () => void,
): SharedSession {
  const { source, clock = systemClock } = options;
  const request = toConfigurationRequest(options);
  /** And whether they follow the source. */
  const listeners = new Map<SessionListener, boolean>();
  let users = 0;
  /** When somebody used it last. A page that is prerendered on a server must not depend on the time. */
  let usedAt = readClocks();
  /** What went wrong before there was anybody to tell. */
  let initialError: AppConfigError | undefined;
  let stopFollowing: (() => void) | undefined;

  const session = new ConfigurationSession<ConfigurationContent>({
    ...options,
    // The same bytes are the same content: a session that begins anew is sent all of them again.
    decode: (content, previous) => (isSameContent(previous, content) ? previous : content),
    onError: (error) => fail(error, true),
  });
  const initial = session.last;
  const isPersonal = !isForEverybody(options);

  function readClocks(): readonly number[] {
    return isServer() ? [] : [clock.now(), clock.monotonicNow()];
  }

  function refresh(): void {
    shared.state = session.state;
  }

  function announce(isPolled: boolean): void {
    const { pollCount } = shared.state;
    refresh();
    if (shared.state.pollCount === pollCount) return;
    for (const listener of listeners.keys()) listener.onAnswer(isPolled);
  }

  function fail(error: AppConfigError, isPolled: boolean): void {
    refresh();
    if (listeners.size === 0) initialError = error;
    for (const listener of listeners.keys()) listener.onFailure(error, isPolled);
  }

  function findFollower(): SessionListener | undefined {
    return [...listeners].find(([, follows]) => follows)?.[0];
  }

  function onChange(read: (() => LatestConfiguration) | undefined): void {
    const isKnown = session.expectChange(read);
    announce(false);
    if (isKnown && shared.state.error) fail(shared.state.error, false);
    if (!isKnown) findFollower()?.onChange();
  }

  /** Follows the source for as long as somebody wants that. */
  function followSource(): void {
    if (!findFollower() || shared.isEnded) {
      const stop = stopFollowing;
      stopFollowing = undefined;
      if (stop) callListener(stop, undefined);
      return;
    }
    if (stopFollowing) return;
    // A source that calls back at once, or throws, is not asked again.
    stopFollowing = () => {};
    try {
      stopFollowing = source.subscribe?.(request, onChange) ?? stopFollowing;
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'ServiceFailure', 'subscribe of the source');
      error.profile ??= request.profile;
      fail(error, false);
    }
  }

  function end(): void {
    if (shared.isEnded) return;
    shared.isEnded = true;
    onEnd();
    for (const listener of listeners.keys()) listener.onEnd();
    session.dispose();
    followSource();
    if (source.release) callListener(() => source.release?.(request), undefined);
  }

  function endUnlessUsed(): void {
    if (users === 0 && (isPersonal || !isServer())) end();
  }

  const shared: { -readonly [Member in keyof SharedSession]: SharedSession[Member] } = {
    state: session.state,
    initial,
    isEnded: false,
    isDispensable: () => isPersonal && listeners.size === 0,
    isForgotten() {
      const ages = readClocks().map((now, index) => now - (usedAt[index] ?? now));
      return users + listeners.size === 0 && Math.max(...ages) > MOMENT_MS;
    },
    isDueForServer: () => session.isDueForServer,
    cutBackoffShort() {
      session.cutBackoffShort();
      refresh();
    },
    renew: () => session.renew(),
    refresh,
    hold() {
      users += 1;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        users -= 1;
        usedAt = readClocks();
        // Later, so that StrictMode's second mount, or the next provider, finds it.
        queueMicrotask(endUnlessUsed);
      };
    },
    borrow() {
      users += 1;
      return () => {
        users -= 1;
      };
    },
    endUnlessUsed,
    end,
    async poll() {
      try {
        await session.poll();
      } finally {
        usedAt = readClocks();
        announce(true);
      }
      // A session that backs off resolves with what it has.
      if (shared.state.error) throw shared.state.error;
    },
    listen(listener, follows) {
      listeners.set(listener, follows);
      followSource();
      const error = initialError;
      initialError = undefined;
      if (error) listener.onFailure(error, false);
    },
    unlisten(listener) {
      listeners.delete(listener);
      followSource();
    },
  };
  return shared;
}

function isSameContent(
  a: ConfigurationContent | undefined,
  b: ConfigurationContent,
): a is ConfigurationContent {
  if (a?.contentType !== b.contentType || a?.bytes.byteLength !== b.bytes.byteLength) return false;
  // Not every(): there may be two million of them.
  for (let index = 0; index < b.bytes.byteLength; index += 1) {
    if (a?.bytes[index] !== b.bytes[index]) return false;
  }
  return true;
}
