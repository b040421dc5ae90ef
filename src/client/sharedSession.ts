import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import {
  ConfigurationSession,
  systemClock,
  toConfigurationRequest,
  type ConfigurationContent,
  type ConfigurationRequest,
  type ConfigurationSessionOptions,
  type LatestConfiguration,
} from '../session/index.ts';

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
export class SharedSession {
  readonly session: ConfigurationSession<ConfigurationContent>;
  readonly #options: SharedSessionOptions;
  readonly #request: ConfigurationRequest;
  readonly #onEnd: () => void;
  readonly #listeners = new Set<SessionListener>();
  readonly #followers = new Set<SessionListener>();
  #users = 0;
  #touchedAt = { now: 0, monotonicNow: 0 };
  #announced = 0;
  /** What went wrong before there was anybody to tell. */
  #initialError: AppConfigError | undefined;
  #stopFollowing: (() => void) | undefined;
  #isEnded = false;

  /** @param onEnd called when its last user is gone */
  constructor(options: SharedSessionOptions, onEnd: () => void) {
    this.#options = options;
    this.#request = toConfigurationRequest(options);
    this.#onEnd = onEnd;
    this.session = new ConfigurationSession({
      ...options,
      // The same bytes are the same content: a session that begins anew is sent all of them again.
      decode: (content, previous) => (isSameContent(previous, content) ? previous : content),
      onError: (error) => this.#fail(error, true),
    });
    this.#announced = this.session.pollCount;
    this.touch();
  }

  /** Whether its last user is gone, or it was dropped for others. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether its answers depend on who asks. */
  get isPersonal(): boolean {
    const { entityId, context = {} } = this.#options;
    return entityId !== undefined || Object.keys(context).length > 0;
  }

  /** Whether nobody listens to it, not even for the length of a poll. */
  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  /** Whether nobody holds it. */
  get isUnused(): boolean {
    return this.#users === 0;
  }

  /** Milliseconds since somebody last asked for it, by whichever clock says more. */
  get idleMs(): number {
    const { clock = systemClock } = this.#options;
    return Math.max(
      clock.now() - this.#touchedAt.now,
      clock.monotonicNow() - this.#touchedAt.monotonicNow,
    );
  }

  touch(): void {
    const { clock = systemClock } = this.#options;
    this.#touchedAt = { now: clock.now(), monotonicNow: clock.monotonicNow() };
  }

  /** Keeps it until the function that this returns is called, and for the rest of that task. */
  hold(): () => void {
    this.#users += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#users -= 1;
      this.touch();
      // Later, so that StrictMode's second mount, or the next provider, finds it.
      queueMicrotask(() => this.endUnlessUsed());
    };
  }

  /** Ends it unless somebody holds it. */
  endUnlessUsed(): void {
    if (this.#users === 0) this.end();
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    for (const listener of this.#listeners) listener.onEnd();
    this.#unfollow();
    this.session.dispose();
    this.#options.source.release?.(this.#request);
  }

  /**
   * Polls if the session's rules allow it.
   *
   * @throws AppConfigError, as a rejection, if the poll failed or its content is unknown.
   */
  async poll(): Promise<void> {
    this.touch();
    try {
      await this.session.poll();
    } finally {
      this.touch();
      this.#announce(true);
    }
    // A session that backs off resolves with what it has.
    if (this.session.error) throw this.session.error;
  }

  /** Tells a listener of answers and failures. */
  listen(listener: SessionListener): void {
    this.#listeners.add(listener);
    const error = this.#initialError;
    this.#initialError = undefined;
    if (error) listener.onFailure(error, false);
  }

  unlisten(listener: SessionListener): void {
    this.#listeners.delete(listener);
    this.follow(listener, false);
  }

  /** Tells a listener, or no longer, of changes that the source knows of before the interval is over. */
  follow(listener: SessionListener, isFollowing: boolean): void {
    if (isFollowing) this.#followers.add(listener);
    else this.#followers.delete(listener);
    if (this.#followers.size === 0) this.#unfollow();
    else if (isFollowing) this.#followSource();
  }

  #announce(isPolled: boolean): void {
    const { pollCount } = this.session;
    if (pollCount === this.#announced) return;
    this.#announced = pollCount;
    for (const listener of this.#listeners) listener.onAnswer(isPolled);
  }

  #fail(error: AppConfigError, isPolled = false): void {
    if (this.#listeners.size === 0) this.#initialError = error;
    for (const listener of this.#listeners) listener.onFailure(error, isPolled);
  }

  #followSource(): void {
    if (this.#stopFollowing || this.#isEnded) return;
    const { source } = this.#options;
    try {
      this.#stopFollowing = source.subscribe?.(this.#request, (read) => {
        this.#onChange(read);
      });
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'ServiceFailure', 'subscribe of the source');
      error.profile ??= this.#request.profile;
      this.#fail(error);
    }
  }

  #onChange(read: (() => LatestConfiguration) | undefined): void {
    const isKnown = this.session.expectChange(read);
    this.#announce(false);
    const { error } = this.session;
    if (isKnown && error) this.#fail(error);
    const [first] = this.#followers;
    if (!isKnown) first?.onChange();
  }

  #unfollow(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
  }
}

function isSameContent(
  a: ConfigurationContent | undefined,
  b: ConfigurationContent,
): a is ConfigurationContent {
  if (!a || a.contentType !== b.contentType) return false;
  if (a.bytes.byteLength !== b.bytes.byteLength) return false;
  // Not every(): there may be two million of them.
  for (let index = 0; index < b.bytes.byteLength; index += 1) {
    if (a.bytes[index] !== b.bytes[index]) return false;
  }
  return true;
}
