import { decodeContent, freezeDecoded, type DecodeOptions } from '../configuration/index.ts';
import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, findOwn } from '../flags/index.ts';
import {
  ConfigurationSession,
  systemClock,
  type Clock,
  type ConfigurationRequest,
  type ConfigurationSessionOptions,
  type ConfigurationSource,
} from '../session/index.ts';
import type { ServerConfiguration, ServerSnapshot } from './serverSnapshot.ts';
import type { SharedContents } from './sharedContents.ts';
import { UnderWay } from './underWay.ts';
import type { WaitUntil } from './waitUntil.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const DEFAULT_INTERVAL_IN_SECONDS = 60;
/** A poll that begins later than this, as a share of the interval, is waited for, ... */
const LATENESS = 0.1;
/** ... and for how long. */
const PATIENCE_MS = 1_000;
/** A poll makes two requests at most; one that takes longer than both may has been lost with its platform's request. */
const REQUESTS_OF_A_POLL = 2;

/** What all profiles of a server have in common. */
export interface ServerProfileOptions
  extends
    DecodeOptions,
    Omit<
      ConfigurationSessionOptions<ServerConfiguration>,
      'decode' | 'profile' | 'entityId' | 'context' | 'flagKeys' | 'requestTimeoutMs'
    > {
  readonly requestTimeoutMs: number;
  readonly contents: SharedContents;
  /** Called in development with the flags of a new document. */
  readonly noteFlags: (profile: string, flags: object) => void;
}

/** What one profile asks for. */
export interface ServerQuestion extends Pick<
  ConfigurationRequest,
  'profile' | 'entityId' | 'context' | 'flagKeys'
> {
  /** Whether a version that is no feature-flag document is refused, and the last good one stays. */
  readonly isFlags: boolean;
  /** Whether the answer depends on who asks. There may be many such: between two polls they hold no session. */
  readonly isPersonal: boolean;
}

/**
 * One upstream session that has no timer: each read checks whether a poll is due, starts it, and
 * is answered from memory at once.
 */
export class ServerProfile {
  readonly #options: ServerProfileOptions;
  readonly #question: ServerQuestion;
  readonly #unsubscribe: (() => void) | undefined;
  readonly #madeAt: number;
  #session: ConfigurationSession<ServerConfiguration> | undefined;
  /** What the next session of a person begins with. */
  #token: string | undefined;
  #last: ServerSnapshot | undefined;
  #error: AppConfigError | undefined;
  #intervalInSeconds = DEFAULT_INTERVAL_IN_SECONDS;
  #answeredAt = 0;
  #polling: UnderWay<ServerSnapshot> | undefined;
  /** While nothing is due, on the wall clock, which may be set back. */
  #quiet = { from: 0, until: 0 };
  #msUntilNextPoll = 0;
  /** When the newest poll began, on the monotonic clock. */
  #polledAt = Number.NEGATIVE_INFINITY;
  /** Whether the newest poll began late, because nobody had asked. */
  #isLate = false;
  /** Whether it was asked for in another interval than the first one. */
  #isRegular = false;
  /** Whether the platform has dropped a poll: then nothing goes on after an answer. */
  #hasLostPoll = false;

  constructor(options: ServerProfileOptions, question: ServerQuestion) {
    this.#options = options;
    this.#question = question;
    this.#madeAt = this.#clock.now();
    this.#unsubscribe = options.source.subscribe?.({ ...options, ...question }, () => {
      this.#session?.expectChange();
      this.#token = undefined;
      this.#quiet = { from: 0, until: 0 };
    });
  }

  /** Why the newest poll failed, or its content cannot be used. */
  get error(): AppConfigError | undefined {
    return this.#error;
  }

  /** Whether it has been asked for in more than one interval. */
  get isRegular(): boolean {
    this.#isRegular ||= this.#clock.now() - this.#madeAt >= this.#intervalInSeconds * 1_000;
    return this.#isRegular;
  }

  /**
   * When the newest answer came, in milliseconds since 1970. One that is about to be replaced passes for a
   * little newer, so that a page does not ask for it again at once.
   */
  get confirmedAt(): number {
    const now = this.#clock.now();
    const intervalMs = this.pollIntervalInSeconds * 1_000;
    return Math.max(this.#answeredAt, now - intervalMs * (1 - LATENESS));
  }

  /** Whether a poll has just gone out. One that takes long is no reason to come back soon. */
  get isJustPolling(): boolean {
    if (!this.#polling) return false;
    return this.#clock.monotonicNow() - this.#polledAt < PATIENCE_MS;
  }

  /** Whether the poll that is under way may be dropped with the request that began it, as one was before. */
  get isPollAtRisk(): boolean {
    return this.#hasLostPoll && this.#polling !== undefined;
  }

  /** How often the service wants to be asked. */
  get pollIntervalInSeconds(): number {
    return this.#intervalInSeconds;
  }

  /** Milliseconds until what is known here may be replaced, as it was found at the last question. */
  get msUntilNextPoll(): number {
    return this.#msUntilNextPoll;
  }

  /**
   * The last good configuration, if there is one. Starts a poll that is due, without waiting for it.
   *
   * @param prepare what that poll brings, before anybody asks for it
   */
  peek(
    waitUntil?: WaitUntil,
    prepare?: (snapshot: ServerSnapshot) => Promise<unknown>,
  ): ServerSnapshot | undefined {
    if (this.#last && this.#isDue()) {
      const refreshing = this.#refresh(prepare);
      waitUntil?.(refreshing);
    }
    return this.#last;
  }

  /**
   * The last good configuration, or the first one as soon as it is there.
   *
   * @throws AppConfigError, as a rejection, where there is none.
   */
  async read(waitUntil?: WaitUntil): Promise<ServerSnapshot> {
    return this.peek(waitUntil) ?? this.#readFirst(waitUntil);
  }

  /**
   * The same, but if nobody has asked for a while, it waits for the poll that is due: briefly, once.
   *
   * @throws AppConfigError, as a rejection, where there is none.
   */
  async readFresh(waitUntil?: WaitUntil): Promise<ServerSnapshot> {
    const known = this.peek(waitUntil);
    if (!known) return this.#readFirst(waitUntil);
    if (!this.isPollAtRisk && !this.#isLate) return known;
    await this.waitForPoll();
    return this.#last ?? known;
  }

  /** Waits for the poll that is under way, briefly. */
  async waitForPoll(): Promise<void> {
    const leftMs = this.#polledAt + PATIENCE_MS - this.#clock.monotonicNow();
    if (!this.#polling || leftMs <= 0) return;
    let callOff: (() => void) | undefined;
    const patience = new Promise<void>((resolve) => {
      callOff = this.#clock.schedule(resolve, leftMs);
    });
    await Promise.race([this.#polling.result.catch(() => {}), patience]);
    callOff?.();
  }

  /** Stops following the source, which may let go of what it holds for it. Reading still works. */
  dispose(): void {
    this.#unsubscribe?.();
    this.#options.source.release?.({ ...this.#options, ...this.#question });
  }

  get #clock(): Clock {
    return this.#options.clock ?? systemClock;
  }

  async #readFirst(waitUntil?: WaitUntil): Promise<ServerSnapshot> {
    const isDue = this.#isDue();
    if (!isDue && !this.#polling && this.#error) throw this.#error;
    const first = this.#poll();
    waitUntil?.(first.catch(() => {}));
    return first;
  }

  /** Mostly reads one clock once: on some machines that is the largest cost of an answer. */
  #isDue(): boolean {
    if (this.#polling && !this.#isLost(this.#polling)) {
      this.#msUntilNextPoll = 0;
      return false;
    }
    const now = this.#clock.now();
    const { from, until } = this.#quiet;
    if (now < from || now >= until) this.#quiet = { from: now, until: now + this.#findWait() };
    this.#msUntilNextPoll = this.#quiet.until - now;
    return this.#msUntilNextPoll === 0;
  }

  #isLost({ ageMs }: UnderWay<unknown>): boolean {
    return ageMs > REQUESTS_OF_A_POLL * this.#options.requestTimeoutMs + PATIENCE_MS;
  }

  #findWait(): number {
    const session = this.#session;
    if (!session || this.#polling) return 0;
    const { msUntilNextPoll } = session;
    if (msUntilNextPoll === 0 || !this.#error || !this.#last) return msUntilNextPoll;
    const left = this.#msLeftOfInterval;
    // A person's next session does not know how long this one would have waited.
    if (left > 0) return (this.#question.isPersonal ? Math.max : Math.min)(left, msUntilNextPoll);
    // Processes are few: one that asks once an interval is no stampede, however long the outage.
    session.cutBackoffShort();
    return session.msUntilNextPoll;
  }

  get #msLeftOfInterval(): number {
    const elapsedMs = this.#clock.monotonicNow() - this.#polledAt;
    return Math.max(0, this.pollIntervalInSeconds * 1_000 - elapsedMs);
  }

  async #refresh(prepare?: (snapshot: ServerSnapshot) => Promise<unknown>): Promise<void> {
    const lateMs = this.#clock.now() - (this.#session?.nextPollAt ?? this.#quiet.until);
    this.#isLate = lateMs > LATENESS * this.pollIntervalInSeconds * 1_000;
    try {
      await this.#poll(prepare);
    } catch {
      // The failure has been reported, and the last good version stays.
    }
  }

  /** The poll that is under way, or another one. */
  #poll(prepare?: (snapshot: ServerSnapshot) => Promise<unknown>): Promise<ServerSnapshot> {
    const before = this.#polling;
    if (before && !this.#isLost(before)) return before.result;
    if (before) {
      this.#hasLostPoll = true;
      this.#session?.dispose();
      this.#session = undefined;
    }
    const session = (this.#session ??= this.#createSession());
    this.#polledAt = this.#clock.monotonicNow();
    const polling = new UnderWay(this.#clock, this.#pollOnce(session, prepare));
    this.#polling = polling;
    return polling.result;
  }

  async #pollOnce(
    session: ConfigurationSession<ServerConfiguration>,
    prepare?: (snapshot: ServerSnapshot) => Promise<unknown>,
  ): Promise<ServerSnapshot> {
    try {
      const snapshot = this.#options.contents.shareSnapshot(await session.poll());
      await this.#prepare(snapshot, prepare);
      if (session === this.#session) this.#last = snapshot;
      return snapshot;
    } finally {
      if (session === this.#session) this.#settle(session);
    }
  }

  async #prepare(
    snapshot: ServerSnapshot,
    prepare: ((snapshot: ServerSnapshot) => Promise<unknown>) | undefined,
  ): Promise<void> {
    try {
      await prepare?.(snapshot);
    } catch {
      // It has been reported, and it is nothing to those who read here.
    }
  }

  /** Notes what a poll has brought. */
  #settle(session: ConfigurationSession<ServerConfiguration>): void {
    this.#polling = undefined;
    this.#error = session.error && this.#options.contents.shareError(session.error);
    this.#answeredAt = session.lastAnswerAt ?? this.#answeredAt;
    this.#intervalInSeconds = session.pollIntervalInSeconds ?? this.#intervalInSeconds;
    // Content that cannot be used is an answer, too: the last good one stays.
    if (session.last) this.#last ??= session.last;
    const now = this.#clock.now();
    this.#quiet = { from: now, until: now + this.#findWait() };
    this.#msUntilNextPoll = this.#quiet.until - now;
    if (!this.#question.isPersonal) return;
    this.#session = undefined;
    if (this.#error) this.#token = undefined;
  }

  #createSession(): ConfigurationSession<ServerConfiguration> {
    const options = this.#options;
    const { isFlags, isPersonal, ...request } = this.#question;
    return new ConfigurationSession({
      ...options,
      ...request,
      source: isPersonal ? this.#resume(options.source) : options.source,
      decode: ({ bytes, contentType }) => {
        const { profile } = request;
        return options.contents.share(profile, bytes, contentType, () =>
          decode(bytes, contentType, profile, isFlags, options),
        );
      },
    });
  }

  /** The source as a person's next session needs it: it goes on with the token and the content of the one before. */
  #resume(source: ConfigurationSource): ConfigurationSource {
    const token = this.#token;
    const last = this.#last;
    let isResumed = token === undefined || last === undefined;
    return {
      name: source.name,
      getLatestConfiguration: async (request, signal) => {
        const resumed = isResumed ? request : { ...request, token };
        isResumed = true;
        this.#token = undefined;
        const answer = await source.getLatestConfiguration(resumed, signal);
        this.#token = answer?.nextToken;
        if (resumed === request || !last || answer.configuration?.byteLength !== 0) return answer;
        const { value, contentType, versionLabel } = last;
        return { ...answer, configuration: value.bytes, contentType, versionLabel };
      },
    };
  }
}

function decode(
  bytes: Uint8Array,
  contentType: string | undefined,
  profile: string,
  isFlags: boolean,
  options: ServerProfileOptions,
): ServerConfiguration {
  const decoder = findOwn(options.decoders, profile);
  try {
    const value = decodeContent(bytes, contentType, options, decoder);
    if (process.env.NODE_ENV !== 'production') freezeDecoded(value, decoder);
    if (!isFlags) return { bytes, contentType, value, unreadable: undefined };
    const flags = checkFeatureFlags(value);
    if (process.env.NODE_ENV !== 'production') options.noteFlags(profile, flags);
    return { bytes, contentType, value: flags, unreadable: undefined };
  } catch (thrown) {
    const unreadable = asAppConfigError(thrown, 'MalformedContent', 'decode');
    // What cannot be parsed here can still be handed on.
    if (isFlags || unreadable.code !== 'UnsupportedContentType') throw unreadable;
    return { bytes, contentType, value: undefined, unreadable };
  }
}
