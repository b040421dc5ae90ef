import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { callListener } from './callListener.ts';
import type {
  ConfigurationSessionOptions,
  ConfigurationSnapshot,
} from './configurationSnapshot.ts';
import type { LatestConfiguration } from './configurationSource.ts';
import { createSession, type Session } from './session.ts';

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
 * @throws InvalidArgumentError from the constructor, in development, for identifiers or an interval outside AWS's
 * limits.
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/about-data-plane.html
 */
export class ConfigurationSession<T> {
  readonly #options: ConfigurationSessionOptions<T>;
  readonly #session: Session;
  #last: ConfigurationSnapshot<T> | undefined;
  /** What was decoded last, well or not. */
  #decoded: Session['state']['last'];
  /** What is wrong with the newest content. */
  #contentError: AppConfigError | undefined;

  constructor(options: ConfigurationSessionOptions<T>) {
    this.#options = options;
    this.#session = createSession(options);
    this.#accept();
  }

  /** The last good configuration, whatever happened since. */
  get last(): ConfigurationSnapshot<T> | undefined {
    return this.#last;
  }

  /** Why the newest poll failed or its content cannot be used; undefined again once all is well. */
  get error(): AppConfigError | undefined {
    return this.#session.state.error ?? this.#contentError;
  }

  /** How many polls were answered. */
  get pollCount(): number {
    return this.#session.state.pollCount;
  }

  /** When the newest answer came, in milliseconds since 1970. */
  get lastAnswerAt(): number | undefined {
    return this.#session.state.lastAnswerAt;
  }

  /** How many seconds to wait between two polls, as the newest answer said; undefined before the first. */
  get pollIntervalInSeconds(): number | undefined {
    return this.#session.state.pollIntervalInSeconds;
  }

  /** When the next poll may send a request, in milliseconds since 1970; undefined before the first. */
  get nextPollAt(): number | undefined {
    const { now } = this.#session.state.opensAt;
    return Number.isFinite(now) ? now : undefined;
  }

  /** Milliseconds until a poll may send a request; 0 when one may be sent now. */
  get msUntilNextPoll(): number {
    return this.#session.msUntilNextPoll();
  }

  /**
   * Resolves with the newest configuration. Sends a request only if the interval is over and none
   * is under way; otherwise shares the request under way, or resolves with the last good
   * configuration. Rejects with an `AppConfigError` if the poll fails (`last` is kept), or if there
   * is nothing to resolve with yet.
   */
  async poll(): Promise<ConfigurationSnapshot<T>> {
    const { pollCount } = this;
    await this.#session.poll();
    this.#accept();
    // What is wrong with the content was the outcome of the poll that brought it.
    const isUnasked = this.pollCount === pollCount;
    if (this.#last && (isUnasked || !this.#contentError)) return this.#last;
    throw this.#contentError;
  }

  /**
   * Lets the next poll go out although the session backs off, because a person asks for it: at most
   * once in 5 s, or at once when the failed poll sent nothing. It never shortens an interval or a
   * `Retry-After` that the service asked for.
   */
  cutBackoffShort(): void {
    this.#session.cutBackoffShort();
  }

  /**
   * The source says that there is something new: the next poll may go out at once, with a new session.
   *
   * @param read what is new, where the source knows it; throws what a poll would fail with
   * @returns whether nothing needs to be asked
   */
  expectChange(read?: () => LatestConfiguration): boolean {
    const isKnown = this.#session.expectChange(read);
    this.#accept();
    return isKnown;
  }

  /** Ends the session for good: what is under way is aborted and changes nothing any more. */
  dispose(): void {
    this.#session.dispose();
  }

  #accept(): void {
    const newest = this.#session.state.last;
    if (!newest || newest === this.#decoded) return;
    const isSameContent = newest.value === this.#decoded?.value;
    this.#decoded = newest;
    if (isSameContent && this.#contentError) return;
    const { value: content, ...version } = newest;
    const before = this.#last;
    try {
      const value =
        isSameContent && before ? before.value : this.#options.decode(content, before?.value);
      this.#contentError = undefined;
      const isSame =
        before !== undefined &&
        Object.is(before.value, value) &&
        before.contentType === version.contentType &&
        before.versionLabel === version.versionLabel;
      if (!isSame) this.#last = { ...version, value };
    } catch (thrown) {
      this.#refuse(asAppConfigError(thrown, 'MalformedContent', 'decode'));
    }
  }

  #refuse(error: AppConfigError): void {
    if (this.#contentError?.message === error.message) return;
    error.profile ??= this.#options.profile;
    this.#contentError = error;
    this.#session.renew();
    const { onError } = this.#options;
    if (onError) callListener(onError, error);
  }
}
