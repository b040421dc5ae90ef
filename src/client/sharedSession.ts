import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import {
  ConfigurationSession,
  isServer,
  systemClock,
  toConfigurationRequest,
  type ConfigurationContent,
  type ConfigurationRequest,
  type ConfigurationSessionOptions,
  type LatestConfiguration,
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
export class SharedSession {
  readonly session: ConfigurationSession<ConfigurationContent>;
  readonly #options: SharedSessionOptions;
  readonly #request: ConfigurationRequest;
  readonly #onEnd: () => void;
  /** And whether they follow the source. */
  readonly #listeners = new Map<SessionListener, boolean>();
  #users = 0;
  /** When somebody asked for it last, on both clocks. */
  #touchedAt: readonly [now: number, monotonicNow: number];
  #announced = 0;
  #failures = 0;
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
    this.#touchedAt = this.#readClocks();
  }

  /** Whether its last user is gone, or it was dropped for others. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Whether its answers depend on who asks. */
  get isPersonal(): boolean {
    const { entityId, context = {} } = this.#request;
    return entityId !== undefined || Object.keys(context).length > 0;
  }

  /** Whether nobody listens to it, not even for the length of a poll. */
  get isIdle(): boolean {
    return this.#listeners.size === 0;
  }

  /** Whether a page has thrown it away, and that long ago that what it knows is no news. */
  get isForgotten(): boolean {
    const [now, monotonicNow] = this.#readClocks();
    const [at, monotonicAt] = this.#touchedAt;
    const idleMs = Math.max(now - at, monotonicNow - monotonicAt);
    return this.#users === 0 && this.isIdle && idleMs > MOMENT_MS && !isServer();
  }

  touch(): void {
    this.#touchedAt = this.#readClocks();
  }

  #readClocks(): readonly [now: number, monotonicNow: number] {
    const { clock = systemClock } = this.#options;
    return [clock.now(), clock.monotonicNow()];
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
    for (const listener of this.#listeners.keys()) listener.onEnd();
    this.#followSource();
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

  /**
   * Tells a listener of answers and failures; one that follows is also told of changes that the source knows of
   * before the interval is over. Called again, it only changes that.
   */
  listen(listener: SessionListener, follows: boolean): void {
    this.#listeners.set(listener, follows);
    this.#followSource();
    const error = this.#initialError;
    this.#initialError = undefined;
    if (error) listener.onFailure(error, false);
  }

  unlisten(listener: SessionListener): void {
    this.#listeners.delete(listener);
    this.#followSource();
  }

  /** Another one after each answer and each failure. */
  get revision(): number {
    return this.session.pollCount + this.#failures;
  }

  #announce(isPolled: boolean): void {
    const { pollCount } = this.session;
    if (pollCount === this.#announced) return;
    this.#announced = pollCount;
    for (const listener of this.#listeners.keys()) listener.onAnswer(isPolled);
  }

  #fail(error: AppConfigError, isPolled = false): void {
    this.#failures += 1;
    if (this.#listeners.size === 0) this.#initialError = error;
    for (const listener of this.#listeners.keys()) listener.onFailure(error, isPolled);
  }

  get #follower(): SessionListener | undefined {
    return [...this.#listeners].find(([, follows]) => follows)?.[0];
  }

  /** Follows the source for as long as somebody wants that. */
  #followSource(): void {
    if (!this.#follower || this.#isEnded) {
      this.#stopFollowing?.();
      this.#stopFollowing = undefined;
      return;
    }
    const { source } = this.#options;
    try {
      this.#stopFollowing ??= source.subscribe?.(this.#request, (read) => this.#onChange(read));
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
    if (!isKnown) this.#follower?.onChange();
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
