import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import {
  callListener,
  createSession,
  inMicrotask,
  isForEverybody,
  isServer,
  systemClock,
  toConfigurationRequest,
  type ConfigurationContent,
  type ConfigurationSnapshot,
  type LatestConfiguration,
  type Session,
  type SessionOptions,
} from '../session/index.ts';

/** What a render that was thrown away has left is found again for so long: React renders anew at once. */
export const MOMENT_MS = 10_000;

/** What a session is asked, by whom it is asked, and in whose time. */
export type SharedSessionOptions = Omit<SessionOptions, 'onAnswer' | 'onError'>;

/** Who is told what becomes of a session. */
export interface SessionListener {
  /**
   * There is an answer, whoever asked, or none, and why: a failure may be told more than once. `isPolled` says
   * whether it ends a poll.
   */
  readonly onEvent: (isPolled: boolean, error?: AppConfigError) => void;
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
  /** Ask it through {@link poll}, so that everybody hears of the answer. */
  readonly session: Session;
  /** What the source knew without being asked. */
  readonly initial: ConfigurationSnapshot<ConfigurationContent> | undefined;
  /** Whether its last user is gone, or it was dropped for others. */
  readonly isEnded: boolean;
  /** Whether it depends on who asks, and nobody uses it. */
  readonly isDispensable: () => boolean;
  /** Ends it if a page has thrown it away, and that long ago that what it knows is no news. */
  readonly endIfForgotten: () => void;
  /** Keeps it until the user lets go of it. */
  readonly hold: (user: object) => void;
  /** Lets it end with this task, unless others use it by then. */
  readonly release: (user: object) => void;
  /** Ends it unless somebody holds it, or it is a server's for everybody. */
  readonly endUnlessUsed: () => void;
  readonly end: () => void;
  /**
   * Polls if the session's rules allow it; keeps the session for as long, if that is wanted.
   *
   * @returns why the poll failed or its content is unknown
   */
  readonly poll: (isKept: boolean) => Promise<AppConfigError | undefined>;
  /** Tells a listener what happens, and follows the source for it, until the function that this returns is called. */
  readonly listen: (listener: SessionListener) => () => void;
}

/** @param onEnd called when its last user is gone */
export function createSharedSession(
  options: SharedSessionOptions,
  onEnd: () => void,
): SharedSession {
  const { source, clock = systemClock } = options;
  const request = toConfigurationRequest(options);
  const isPersonal = !isForEverybody(options);
  const listeners = new Set<SessionListener>();
  const users = new Set<object>();
  /** When somebody used it last. A page that is prerendered on a server must not depend on the time. */
  let usedAt = readClocks();
  let isEnded = false;
  /** What went wrong while there was nobody to tell. */
  let untoldError: AppConfigError | undefined;
  let stopFollowing: (() => void) | undefined;

  const session = createSession({
    ...options,
    onAnswer: tell,
    onError: (error) => tell(true, error),
  });
  const initial = session.state.last;

  function readClocks(): readonly number[] {
    return isServer() ? [] : [clock.now(), clock.monotonicNow()];
  }

  function tell(isPolled: boolean, error?: AppConfigError): void {
    if (listeners.size === 0) untoldError = error;
    for (const listener of listeners) listener.onEvent(isPolled, error);
  }

  function onChange(read: (() => LatestConfiguration) | undefined): void {
    const isKnown = session.expectChange(read);
    if (isKnown && session.state.error) tell(false, session.state.error);
    // One of them asks for all.
    const [first] = isKnown ? [] : listeners;
    first?.onChange();
  }

  /** Follows the source for as long as somebody listens. */
  function followSource(): void {
    if (listeners.size === 0 || isEnded) {
      if (stopFollowing) callListener(stopFollowing, undefined);
      stopFollowing = undefined;
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
      tell(false, error);
    }
  }

  function end(): void {
    if (isEnded) return;
    isEnded = true;
    onEnd();
    for (const listener of listeners) listener.onEnd();
    session.dispose();
    followSource();
    if (source.release) callListener(() => source.release?.(request), undefined);
  }

  function endUnlessUsed(): void {
    if (users.size === 0 && (isPersonal || !isServer())) end();
  }

  const isUnused = () => users.size + listeners.size === 0;

  return {
    session,
    initial,
    get isEnded() {
      return isEnded;
    },
    isDispensable: () => isPersonal && isUnused(),
    endIfForgotten() {
      const ages = readClocks().map((now, index) => now - (usedAt[index] ?? now));
      if (isUnused() && Math.max(...ages) > MOMENT_MS) end();
    },
    hold: (user) => users.add(user),
    release(user) {
      users.delete(user);
      usedAt = readClocks();
      // Later, so that StrictMode's second mount, or the next provider, finds it.
      inMicrotask(endUnlessUsed);
    },
    endUnlessUsed,
    end,
    async poll(isKept) {
      const user = {};
      if (isKept) users.add(user);
      // A session that backs off resolves with what it has.
      const error = await session.poll().then(
        () => session.state.error,
        (thrown: unknown) => asAppConfigError(thrown, 'ServiceFailure', 'The source'),
      );
      users.delete(user);
      usedAt = readClocks();
      return error;
    },
    listen(listener) {
      listeners.add(listener);
      followSource();
      if (untoldError) listener.onEvent(false, untoldError);
      untoldError = undefined;
      return () => {
        listeners.delete(listener);
        followSource();
      };
    },
  };
}
