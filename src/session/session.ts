import {
  asAppConfigError,
  RequestError,
  SessionDisposedError,
  type AppConfigError,
} from '../errors/index.ts';
import { backoffMs, retryAfterMs, withJitter } from './backoff.ts';
import { callListener } from './callListener.ts';
import { systemClock } from './clock.ts';
import { toConfigurationRequest } from './configurationRequest.ts';
import type {
  ConfigurationContent,
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
} from './configurationSnapshot.ts';
import type { LatestConfiguration } from './configurationSource.ts';
import { isServer } from './isServer.ts';
import { createPollGate, EARLY_TIMER_MS, type Moment } from './pollGate.ts';
import { createSourceCaller } from './sourceCaller.ts';
import { toValidAnswer, type ValidAnswer } from './validAnswer.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A token that is this close to its end is not worth the risk of a refusal. */
const TOKEN_LIFE_MS = DAY_MS - 5 * 60_000;
/** Somebody waits for the first answer. */
const FIRST_BACKOFF_MS = 1_000;
/**
 * A session that failed makes two calls instead of one, besides the usual polls of others: spread
 * over three intervals, all of them together stay under twice their steady rate.
 */
const BACKOFF_INTERVALS = 3;
/** How often a person who asks again and again gets a poll. */
const RETRY_EVERY_MS = 5_000;

/** What a {@link Session} is made of. */
export interface SessionOptions extends Omit<ConfigurationSessionOptions<never>, 'decode'> {
  /** Called with each answer, as it comes: of a poll, or from a source that knows what is new. */
  onAnswer?: ((isPolled: boolean) => void) | undefined;
}

/** What a session knows, as of its newest answer or failure. */
export interface SessionState {
  /** What was delivered last; the same object for as long as the bytes, their type and their label are the same. */
  readonly last: ConfigurationSnapshot<ConfigurationContent> | undefined;
  /** Why the newest poll failed. */
  readonly error: AppConfigError | undefined;
  /** How many polls were answered. */
  readonly pollCount: number;
  /** When the newest answer came, in milliseconds since 1970. */
  readonly lastAnswerAt: number | undefined;
  /** When the next poll may send a request: as soon as one of the clocks says so. */
  readonly opensAt: Moment;
  readonly pollIntervalInSeconds: number | undefined;
}

/**
 * One session with AWS AppConfig's data plane, over bytes: holds the token, keeps to the poll interval, and comes back
 * by itself after any failure. It polls only when asked to.
 */
export interface Session {
  /** All that is known; another object after each answer, failure or change of the interval. */
  readonly state: SessionState;
  /**
   * Sends a request if the interval is over and none is under way; otherwise shares the request under way, or
   * resolves if anything was delivered. Rejects with an `AppConfigError` if the poll fails.
   */
  readonly poll: () => Promise<void>;
  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  readonly msUntilNextPoll: () => number;
  /**
   * Whether the next poll is due, by the clock that never jumps: a page that a framework renders beforehand may
   * look at no other one. Before the first poll nothing is.
   *
   * @see https://nextjs.org/docs/messages/next-prerender-current-time
   */
  readonly isDueForServer: () => boolean;
  /**
   * Lets the next poll go out although the session backs off, because a person asks for it: at most
   * once in 5 s, or at once when the failed poll sent nothing. It never shortens an interval or a
   * `Retry-After` that the service asked for.
   */
  readonly cutBackoffShort: () => void;
  /**
   * The source says that there is something new: the next poll may go out at once, with a new session.
   *
   * @param read what is new, where the source knows it; throws what a poll would fail with
   * @returns whether nothing needs to be asked
   */
  readonly expectChange: (read?: () => LatestConfiguration) => boolean;
  /** Begins anew with the next poll: what was delivered cannot be used, and may have been damaged on its way. */
  readonly renew: () => void;
  /** Ends the session for good: what is under way is aborted and changes nothing any more. */
  readonly dispose: () => void;
}

/**
 * Makes a session.
 *
 * @throws InvalidArgumentError, in development, for identifiers or an interval outside AWS's limits.
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/about-data-plane.html
 */
export function createSession(options: SessionOptions): Session {
  const { source, profile, onAnswer, onError, clock = systemClock, random = Math.random } = options;
  const request = toConfigurationRequest(options);
  const caller = createSourceCaller(source, clock, options.requestTimeoutMs);
  const gate = createPollGate(clock);
  let token: string | undefined;
  /** When the newest answer came, and with it the token. */
  let answeredAt: Moment = { now: 0, monotonicNow: 0 };
  let inFlight: Promise<void> | undefined;
  /** The wait after the next failure is random and shorter than this; it doubles each time. */
  let backoffWindowMs = FIRST_BACKOFF_MS;
  /** When, on the monotonic clock, the back-off may be cut short; undefined outside of a back-off. */
  let retryNotBefore: number | undefined;
  let retriedAt = Number.NEGATIVE_INFINITY;
  let isDisposed = false;
  let state: SessionState = {
    last: undefined,
    error: undefined,
    pollCount: 0,
    lastAnswerAt: undefined,
    opensAt: gate.opensAt(),
    pollIntervalInSeconds: undefined,
  };

  function update(changes?: Partial<SessionState>): void {
    state = { ...state, ...changes, opensAt: gate.opensAt() };
  }

  function openWithin(waitMs: number): void {
    gate.openWithin(Math.max(0, waitMs));
    update();
  }

  async function pollAfter(waitMs: number): Promise<void> {
    let answer: ValidAnswer;
    try {
      if (waitMs > 0) await caller.wait(waitMs);
      answer = await ask();
      if (isDisposed) throw new SessionDisposedError();
    } catch (thrown) {
      throw fail(thrown);
    }
    accept(answer);
    if (answer.problem) report(answer.problem);
    onAnswer?.(true);
  }

  async function ask(): Promise<ValidAnswer> {
    try {
      return await caller.getLatestConfiguration({ ...request, token: takeToken() });
    } catch (error) {
      const isTokenRefused =
        error instanceof RequestError &&
        error.code === 'BadRequest' &&
        error.operation === 'GetLatestConfiguration';
      if (!isTokenRefused) throw error;
      return caller.getLatestConfiguration(request);
    }
  }

  /** Hands out the token at most once: it is cleared before it is sent. */
  function takeToken(): string | undefined {
    const taken = token;
    token = undefined;
    // One clock counts a laptop's sleep, the other cannot be set back: the greater age is the right one.
    const ageMs = Math.max(
      clock.now() - answeredAt.now,
      clock.monotonicNow() - answeredAt.monotonicNow,
    );
    return ageMs < TOKEN_LIFE_MS && !gate.isOpenByWallClockAlone() ? taken : undefined;
  }

  /** @param isTimeless whether the time must not be looked at: then the next poll is due at once */
  function accept(answer: ValidAnswer, isTimeless = false): void {
    const { nextPollIntervalInSeconds: pollIntervalInSeconds } = answer;
    const intervalMs = pollIntervalInSeconds * 1_000;
    token = answer.nextToken;
    backoffWindowMs = BACKOFF_INTERVALS * intervalMs;
    retryNotBefore = undefined;
    if (!isTimeless) {
      answeredAt = { now: clock.now(), monotonicNow: clock.monotonicNow() };
      gate.closeFor(withJitter(intervalMs, random));
    }
    update({
      last: toLast(answer, state.last),
      error: undefined,
      pollCount: state.pollCount + 1,
      lastAnswerAt: answeredAt.now,
      pollIntervalInSeconds,
    });
  }

  function fail(thrown: unknown): AppConfigError {
    if (isDisposed) return new SessionDisposedError(options);
    const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
    gate.closeFor(backoffMs(error, backoffWindowMs, random));
    retryNotBefore = clock.monotonicNow() + retryAfterMs(error);
    backoffWindowMs *= 2;
    update({ error });
    return report(error);
  }

  function report(error: AppConfigError): AppConfigError {
    error.profile ??= profile;
    if (onError) callListener(onError, error);
    return error;
  }

  function expectChange(read?: () => LatestConfiguration): boolean {
    if (read && !isDisposed) {
      try {
        accept(toValidAnswer(read(), source.name));
        onAnswer?.(false);
      } catch (thrown) {
        fail(thrown);
      }
      return true;
    }
    if (inFlight) {
      const again = () => void expectChange();
      void inFlight.then(again, again);
    } else {
      token = undefined;
      openWithin((retryNotBefore ?? 0) - clock.monotonicNow());
    }
    return false;
  }

  try {
    const initial = source.initial?.(request);
    if (initial) accept(toValidAnswer(initial, source.name), isServer());
  } catch (thrown) {
    report(asAppConfigError(thrown, 'InvalidAnswer', 'initial of the source'));
  }

  return {
    get state() {
      return state;
    },
    poll() {
      if (isDisposed) return Promise.reject(new SessionDisposedError(options));
      if (inFlight) return inFlight;
      const waitMs = gate.msLeft();
      if (waitMs > EARLY_TIMER_MS) {
        return state.last ? Promise.resolve() : Promise.reject(state.error);
      }
      inFlight = pollAfter(waitMs).finally(() => {
        inFlight = undefined;
      });
      return inFlight;
    },
    msUntilNextPoll: gate.msLeft,
    isDueForServer: () => state.last !== undefined && !inFlight && gate.isOpenByMonotonicClock(),
    cutBackoffShort() {
      if (retryNotBefore === undefined) return;
      const now = clock.monotonicNow();
      const wasSent = !(state.error instanceof RequestError) || state.error.wasSent;
      const earliest = Math.max(retryNotBefore, wasSent ? retriedAt + RETRY_EVERY_MS : now);
      if (earliest <= now) retriedAt = now;
      openWithin(earliest - now);
    },
    expectChange,
    renew() {
      token = undefined;
    },
    dispose() {
      isDisposed = true;
      token = undefined;
      caller.dispose();
    },
  };
}

/**
 * An empty answer stands for what was delivered last, and so do the same bytes: a session that begins anew gets them
 * all.
 */
function toLast(
  { configuration: bytes, contentType, versionLabel: label }: ValidAnswer,
  last: SessionState['last'],
): SessionState['last'] {
  if (last && bytes.byteLength === 0) return last;
  const versionLabel = label || undefined;
  const isSame = last?.contentType === contentType && isSameBytes(last?.value.bytes, bytes);
  if (isSame && last?.versionLabel === versionLabel) return last;
  const value = isSame && last ? last.value : { bytes, contentType };
  return { value, contentType, versionLabel };
}

/** Whether two byte strings are equal. */
export function isSameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  if (a?.byteLength !== b.byteLength) return false;
  // Not every(): there may be two million of them.
  for (let index = 0; index < b.byteLength; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
