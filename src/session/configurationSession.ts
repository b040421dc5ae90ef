import {
  asAppConfigError,
  RequestError,
  SessionDisposedError,
  type AppConfigError,
} from '../errors/index.ts';
import { backoffMs, withJitter } from './backoff.ts';
import { systemClock, type Clock } from './clock.ts';
import type {
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
} from './configurationSnapshot.ts';
import type { LatestConfiguration, StartConfigurationSessionInput } from './configurationSource.ts';
import { checkStartInput, LONGEST_INTERVAL_IN_SECONDS } from './identifiers.ts';
import { createSourceCaller, invalidAnswer, type SourceCaller } from './sourceCaller.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A token that is this close to its end is not worth the risk of a refusal. */
const TOKEN_LIFE_MS = DAY_MS - 5 * 60_000;
const DEFAULT_INTERVAL_IN_SECONDS = 60;
/** A timer that fires this little too early waits for the rest instead of losing an interval. */
const EARLY_TIMER_MS = 50;
/** Somebody waits for the first answer. */
const FIRST_BACKOFF_MS = 1_000;
/**
 * A session that failed makes two calls instead of one, and meets those that polled as ever: spread
 * over three intervals, all of them together stay under twice what they ask for in steady weather.
 */
const BACKOFF_INTERVALS = 3;

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
  readonly #input: StartConfigurationSessionInput;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #caller: SourceCaller;
  #token: string | undefined;
  /** When the newest answer came, and with it the token, on both clocks. */
  #answeredAt = { now: 0, monotonicNow: 0 };
  #notBefore = Number.NEGATIVE_INFINITY;
  #nextPollAt: number | undefined;
  #inFlight: Promise<ConfigurationSnapshot<T>> | undefined;
  #last: ConfigurationSnapshot<T> | undefined;
  /** What is wrong with the newest content. */
  #contentError: AppConfigError | undefined;
  #error: AppConfigError | undefined;
  /** The wait after the next failure is random and shorter than this; it doubles each time. */
  #backoffMs = FIRST_BACKOFF_MS;
  #pollCount = 0;
  #disposed = false;

  constructor(options: ConfigurationSessionOptions<T>) {
    this.#input = checkStartInput(options);
    this.#options = options;
    const { clock = systemClock, random = Math.random } = options;
    this.#clock = clock;
    this.#random = random;
    this.#caller = createSourceCaller(options.source, clock, options.requestTimeoutMs);
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

  /** When the next poll may send a request, in milliseconds since 1970; undefined before the first. */
  get nextPollAt(): number | undefined {
    return this.#nextPollAt;
  }

  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  get msUntilNextPoll(): number {
    return Math.max(0, this.#notBefore - this.#clock.monotonicNow());
  }

  /**
   * Resolves with the newest configuration. Sends a request only if the interval is over and none
   * is under way; otherwise shares the request under way, or resolves with the last good
   * configuration. Rejects with an `AppConfigError` if the poll fails (`last` is kept), or if there
   * is nothing to resolve with yet.
   */
  poll(): Promise<ConfigurationSnapshot<T>> {
    if (this.#disposed) return Promise.reject(new SessionDisposedError(this.#options));
    const waitMs = this.msUntilNextPoll;
    if (!this.#inFlight && waitMs > EARLY_TIMER_MS) {
      return this.#last ? Promise.resolve(this.#last) : Promise.reject(this.#error);
    }
    return (this.#inFlight ??= this.#pollAfter(waitMs).finally(() => {
      this.#inFlight = undefined;
    }));
  }

  /** Ends the session for good: what is under way is aborted and changes nothing any more. */
  dispose(): void {
    this.#disposed = true;
    this.#token = undefined;
    this.#caller.dispose();
  }

  async #pollAfter(waitMs: number): Promise<ConfigurationSnapshot<T>> {
    let answer: LatestConfiguration;
    try {
      if (waitMs > 0) await this.#caller.wait(waitMs);
      answer = await this.#request();
      if (this.#disposed) throw new SessionDisposedError();
    } catch (thrown) {
      throw this.#fail(thrown);
    }
    return this.#accept(answer);
  }

  async #request(): Promise<LatestConfiguration> {
    for (let restarted = false; ; restarted = true) {
      const token =
        this.#takeToken() ?? (await this.#caller.startConfigurationSession(this.#input));
      try {
        return await this.#caller.getLatestConfiguration(token);
      } catch (error) {
        const isRefused = error instanceof RequestError && error.code === 'BadRequest';
        if (restarted || !isRefused) throw error;
      }
    }
  }

  /** Hands out the token at most once: it leaves the state before it goes on its way. */
  #takeToken(): string | undefined {
    const token = this.#token;
    this.#token = undefined;
    // One clock counts a laptop's sleep, the other cannot be set back: the greater age is the right one.
    const ageMs = Math.max(
      this.#clock.now() - this.#answeredAt.now,
      this.#clock.monotonicNow() - this.#answeredAt.monotonicNow,
    );
    return ageMs < TOKEN_LIFE_MS ? token : undefined;
  }

  #accept(answer: LatestConfiguration): ConfigurationSnapshot<T> {
    this.#pollCount += 1;
    this.#error = this.#takeNextPoll(answer);
    // An empty answer stands for the newest content, good or bad.
    const isKnown = answer.configuration.byteLength === 0 && (this.#last || this.#contentError);
    const snapshot = isKnown ? this.#last : this.#decode(answer);
    if (this.#contentError || !snapshot) throw (this.#error = this.#contentError);
    return snapshot;
  }

  /** Takes the next token and the interval; what is wrong with them is made good and reported. */
  #takeNextPoll(answer: LatestConfiguration): AppConfigError | undefined {
    const { nextPollConfigurationToken: token, nextPollIntervalInSeconds: interval = 0 } = answer;
    const isInterval = interval >= 1 && interval <= LONGEST_INTERVAL_IN_SECONDS;
    const intervalMs = (isInterval ? interval : DEFAULT_INTERVAL_IN_SECONDS) * 1_000;
    this.#token = token;
    this.#answeredAt = { now: this.#clock.now(), monotonicNow: this.#clock.monotonicNow() };
    this.#backoffMs = BACKOFF_INTERVALS * intervalMs;
    this.#waitFor(withJitter(intervalMs, this.#random));
    if (token && isInterval) return undefined;
    const problem = token ? `an interval of ${interval} s` : 'no token for the next poll';
    return this.#report(invalidAnswer(this.#options.source, problem));
  }

  #decode(answer: LatestConfiguration): ConfigurationSnapshot<T> | undefined {
    const { configuration: bytes, contentType, versionLabel } = answer;
    try {
      const value = this.#options.decode({ bytes, contentType });
      this.#contentError = undefined;
      return (this.#last = { value, contentType, versionLabel: versionLabel || undefined });
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'decode');
      if (this.#contentError?.message !== error.message) {
        // Perhaps it was damaged on its way: a new session delivers it again.
        this.#token = undefined;
        this.#contentError = this.#report(error);
      }
      return undefined;
    }
  }

  #fail(thrown: unknown): AppConfigError {
    if (this.#disposed) return new SessionDisposedError(this.#options);
    const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
    this.#waitFor(backoffMs(error, this.#backoffMs, this.#random));
    this.#backoffMs *= 2;
    this.#error = error;
    return this.#report(error);
  }

  #waitFor(delayMs: number): void {
    this.#notBefore = this.#clock.monotonicNow() + delayMs;
    this.#nextPollAt = this.#clock.now() + delayMs;
  }

  #report(error: AppConfigError): AppConfigError {
    error.profile ??= this.#options.profile;
    // Later, so that a callback that throws is heard of and yet cannot break the session.
    queueMicrotask(() => this.#options.onError?.(error));
    return error;
  }
}
