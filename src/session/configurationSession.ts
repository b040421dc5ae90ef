import {
  asAppConfigError,
  RequestError,
  SessionDisposedError,
  type AppConfigError,
} from '../errors/index.ts';
import { callListener } from './callListener.ts';
import { backoffMs, retryAfterMs, withJitter } from './backoff.ts';
import { systemClock, type Clock } from './clock.ts';
import { toConfigurationRequest } from './configurationRequest.ts';
import type {
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
  SessionState,
} from './configurationSnapshot.ts';
import type { ConfigurationRequest, LatestConfiguration } from './configurationSource.ts';
import { isServer } from './isServer.ts';
import { EARLY_TIMER_MS, PollGate } from './pollGate.ts';
import { createSourceCaller, type SourceCaller } from './sourceCaller.ts';
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

/**
 * One session with AWS AppConfig's data plane: holds the token, keeps to the poll interval, and
 * comes back by itself after any failure. It polls only when asked to: call {@link poll} as often as
 * you like, a request goes out only when the service allows one.
 *
 * @example
 * const session = new ConfigurationSession({ source, application, environment, profile, decode });
 * const { value } = await session.poll();
 * setTimeout(() => session.poll(), session.msUntilNextPoll);
 *
 * @throws InvalidArgumentError from the constructor for identifiers or an interval outside AWS's limits.
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/about-data-plane.html
 */
export class ConfigurationSession<T> {
  readonly #options: ConfigurationSessionOptions<T>;
  readonly #request: ConfigurationRequest;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #caller: SourceCaller;
  readonly #gate: PollGate;
  #token: string | undefined;
  /** When the newest answer came, and with it the token, on both clocks. */
  #answeredAt = { now: 0, monotonicNow: 0 };
  #inFlight: Promise<ConfigurationSnapshot<T>> | undefined;
  #last: ConfigurationSnapshot<T> | undefined;
  /** What is wrong with the newest content. */
  #contentError: AppConfigError | undefined;
  #error: AppConfigError | undefined;
  /** The wait after the next failure is random and shorter than this; it doubles each time. */
  #backoffMs = FIRST_BACKOFF_MS;
  /** When, on the monotonic clock, the back-off may be cut short; undefined outside of a back-off. */
  #retryNotBefore: number | undefined;
  #retriedAt = Number.NEGATIVE_INFINITY;
  #pollCount = 0;
  #pollIntervalInSeconds: number | undefined;
  #disposed = false;
  /** All that is known, for those who keep it; another object after each answer, failure or change of the interval. */
  state: SessionState<T>;

  constructor(options: ConfigurationSessionOptions<T>) {
    this.#request = toConfigurationRequest(options);
    this.#options = options;
    const { source, clock = systemClock, random = Math.random } = options;
    this.#clock = clock;
    this.#random = random;
    this.#caller = createSourceCaller(source, clock, options.requestTimeoutMs);
    this.#gate = new PollGate(clock);
    this.state = this.#look();
    this.#acceptInitial();
  }

  /** The last good configuration, whatever happened since. */
  get last(): ConfigurationSnapshot<T> | undefined {
    return this.#last;
  }

  /** Why the newest poll failed or its content cannot be used; undefined again once all is well. */
  get error(): AppConfigError | undefined {
    return this.#error;
  }

  /** How many polls were answered. */
  get pollCount(): number {
    return this.#pollCount;
  }

  /** When the newest answer came, in milliseconds since 1970. */
  get lastAnswerAt(): number | undefined {
    return this.#pollCount > 0 ? this.#answeredAt.now : undefined;
  }

  /** How many seconds to wait between two polls, as the newest answer said; undefined before the first. */
  get pollIntervalInSeconds(): number | undefined {
    return this.#pollIntervalInSeconds;
  }

  /** When the next poll may send a request, in milliseconds since 1970; undefined before the first. */
  get nextPollAt(): number | undefined {
    const { now } = this.#gate.opensAt;
    return Number.isFinite(now) ? now : undefined;
  }

  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  get msUntilNextPoll(): number {
    return this.#gate.msLeft;
  }

  /**
   * Whether the next poll is due, by the clock that never jumps: a page that a framework renders beforehand may
   * look at no other one. Before the first poll nothing is.
   *
   * @see https://nextjs.org/docs/messages/next-prerender-current-time
   */
  get isDueForServer(): boolean {
    return this.#last !== undefined && !this.#inFlight && this.#gate.isOpenByMonotonicClock;
  }

  /**
   * Resolves with the newest configuration. Sends a request only if the interval is over and none
   * is under way; otherwise shares the request under way, or resolves with the last good
   * configuration. Rejects with an `AppConfigError` if the poll fails (`last` is kept), or if there
   * is nothing to resolve with yet.
   */
  poll(): Promise<ConfigurationSnapshot<T>> {
    if (this.#disposed) return Promise.reject(new SessionDisposedError(this.#options));
    if (this.#inFlight) return this.#inFlight;
    const waitMs = this.msUntilNextPoll;
    if (waitMs > EARLY_TIMER_MS) {
      return this.#last ? Promise.resolve(this.#last) : Promise.reject(this.#error);
    }
    this.#inFlight = this.#pollAfter(waitMs).finally(() => {
      this.#inFlight = undefined;
    });
    return this.#inFlight;
  }

  /**
   * Lets the next poll go out although the session backs off, because a person asks for it: at most
   * once in 5 s, or at once when the failed poll sent nothing. It never shortens an interval or a
   * `Retry-After` that the service asked for.
   */
  cutBackoffShort(): void {
    if (this.#retryNotBefore === undefined) return;
    const now = this.#clock.monotonicNow();
    const wasSent = !(this.#error instanceof RequestError) || this.#error.wasSent;
    const earliest = Math.max(
      this.#retryNotBefore,
      wasSent ? this.#retriedAt + RETRY_EVERY_MS : now,
    );
    if (earliest <= now) this.#retriedAt = now;
    this.#openWithin(earliest - now);
  }

  /**
   * The source says that there is something new: the next poll may go out at once, with a new session.
   *
   * @param read what is new, where the source knows it; throws what a poll would fail with
   * @returns whether nothing needs to be asked
   */
  expectChange(read?: () => LatestConfiguration): boolean {
    if (read && !this.#disposed) {
      this.#acceptChange(read);
      return true;
    }
    if (this.#inFlight) {
      const again = () => void this.expectChange();
      void this.#inFlight.then(again, again);
    } else {
      const notBefore = this.#retryNotBefore ?? 0;
      this.#token = undefined;
      this.#openWithin(notBefore - this.#clock.monotonicNow());
    }
    return false;
  }

  /** Begins anew with the next poll: what was delivered cannot be used, and may have been damaged on its way. */
  renew(): void {
    this.#token = undefined;
  }

  /** Ends the session for good: what is under way is aborted and changes nothing any more. */
  dispose(): void {
    this.#disposed = true;
    this.#token = undefined;
    this.#caller.dispose();
  }

  #look(): SessionState<T> {
    return {
      last: this.#last,
      error: this.#error,
      pollCount: this.#pollCount,
      lastAnswerAt: this.lastAnswerAt,
      nextPollAt: this.nextPollAt,
      opensAt: this.#gate.opensAt,
      pollIntervalInSeconds: this.#pollIntervalInSeconds,
    };
  }

  #openWithin(waitMs: number): void {
    this.#gate.openWithin(Math.max(0, waitMs));
    this.state = this.#look();
  }

  async #pollAfter(waitMs: number): Promise<ConfigurationSnapshot<T>> {
    let answer: ValidAnswer;
    try {
      if (waitMs > 0) await this.#caller.wait(waitMs);
      answer = await this.#ask();
      if (this.#disposed) throw new SessionDisposedError();
    } catch (thrown) {
      throw this.#fail(thrown);
    }
    return this.#accept(answer);
  }

  async #ask(): Promise<ValidAnswer> {
    try {
      return await this.#caller.getLatestConfiguration({
        ...this.#request,
        token: this.#takeToken(),
      });
    } catch (error) {
      const isTokenRefused =
        error instanceof RequestError &&
        error.code === 'BadRequest' &&
        error.operation === 'GetLatestConfiguration';
      if (!isTokenRefused) throw error;
      return this.#caller.getLatestConfiguration(this.#request);
    }
  }

  /** Hands out the token at most once: it is cleared before it is sent. */
  #takeToken(): string | undefined {
    const token = this.#token;
    this.#token = undefined;
    // One clock counts a laptop's sleep, the other cannot be set back: the greater age is the right one.
    const ageMs = Math.max(
      this.#clock.now() - this.#answeredAt.now,
      this.#clock.monotonicNow() - this.#answeredAt.monotonicNow,
    );
    return ageMs < TOKEN_LIFE_MS && !this.#gate.isOpenByWallClockAlone ? token : undefined;
  }

  #acceptInitial(): void {
    const { source } = this.#options;
    try {
      const initial = source.initial?.(this.#request);
      if (initial) this.#accept(toValidAnswer(initial, source.name), isServer());
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'InvalidAnswer', 'initial of the source');
      if (error !== this.#contentError) this.#report(error);
    }
  }

  #acceptChange(read: () => LatestConfiguration): void {
    try {
      this.#accept(toValidAnswer(read(), this.#options.source.name));
    } catch (thrown) {
      if (thrown !== this.#contentError) this.#fail(thrown);
    }
  }

  /** @param isTimeless whether the time must not be looked at: then the next poll is due at once */
  #accept(answer: ValidAnswer, isTimeless = false): ConfigurationSnapshot<T> {
    const intervalMs = answer.nextPollIntervalInSeconds * 1_000;
    this.#pollCount += 1;
    this.#pollIntervalInSeconds = answer.nextPollIntervalInSeconds;
    this.#token = answer.nextToken;
    this.#backoffMs = BACKOFF_INTERVALS * intervalMs;
    this.#retryNotBefore = undefined;
    if (!isTimeless) {
      this.#answeredAt = { now: this.#clock.now(), monotonicNow: this.#clock.monotonicNow() };
      this.#gate.closeFor(withJitter(intervalMs, this.#random));
    }
    // An empty answer stands for the newest content, good or bad.
    const isKnown = answer.configuration.byteLength === 0 && (this.#last || this.#contentError);
    const snapshot = isKnown ? this.#last : this.#decode(answer);
    this.#error = this.#contentError;
    this.state = this.#look();
    if (this.#error || !snapshot) throw this.#error;
    return snapshot;
  }

  #decode(answer: LatestConfiguration): ConfigurationSnapshot<T> | undefined {
    const { configuration: bytes, contentType } = answer;
    const versionLabel = answer.versionLabel || undefined;
    const before = this.#last;
    try {
      const value = this.#options.decode({ bytes, contentType }, before?.value);
      this.#contentError = undefined;
      const isSame =
        before !== undefined &&
        Object.is(before.value, value) &&
        before.contentType === contentType &&
        before.versionLabel === versionLabel;
      if (!isSame) this.#last = { value, contentType, versionLabel };
      return this.#last;
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'decode');
      if (this.#contentError?.message !== error.message) {
        this.renew();
        this.#contentError = this.#report(error);
      }
      return undefined;
    }
  }

  #fail(thrown: unknown): AppConfigError {
    if (this.#disposed) return new SessionDisposedError(this.#options);
    const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
    this.#gate.closeFor(backoffMs(error, this.#backoffMs, this.#random));
    this.#retryNotBefore = this.#clock.monotonicNow() + retryAfterMs(error);
    this.#backoffMs *= 2;
    this.#error = error;
    this.state = this.#look();
    return this.#report(error);
  }

  #report(error: AppConfigError): AppConfigError {
    error.profile ??= this.#options.profile;
    const { onError } = this.#options;
    if (onError) callListener(onError, error);
    return error;
  }
}
