import { decodeContent, freezeDecoded, type DecodeOptions } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, findOwn } from '../flags/index.ts';
import {
  ConfigurationSession,
  systemClock,
  type Clock,
  type ConfigurationSessionOptions,
  type ConfigurationSnapshot,
} from '../session/index.ts';
import type { WaitUntil } from './waitUntil.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const DEFAULT_INTERVAL_IN_SECONDS = 60;
/** A poll that begins later than this, as a share of the interval, is waited for, ... */
const LATENESS = 0.1;
/** ... and for how long. */
const PATIENCE_MS = 1_000;

/** A configuration as a server needs it: to hand on, and to read. */
export interface ServerConfiguration {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly value: unknown;
}

/** What a server knows of a profile. */
export type ServerSnapshot = ConfigurationSnapshot<ServerConfiguration>;

/** What a {@link ServerProfile} is made of. */
export interface ServerProfileOptions
  extends DecodeOptions, Omit<ConfigurationSessionOptions<ServerConfiguration>, 'decode'> {
  /** Whether a version that is no feature-flag document is refused, and the last good one stays. */
  readonly isFlags: boolean;
}

/**
 * One upstream session that has no timer: each read checks whether a poll is due, starts it, and
 * is answered from memory at once.
 */
export class ServerProfile {
  readonly #session: ConfigurationSession<ServerConfiguration>;
  readonly #clock: Clock;
  readonly #options: ServerProfileOptions;
  readonly #unsubscribe: (() => void) | undefined;
  #refreshing: Promise<void> | undefined;
  /** While nothing is due, on the wall clock, which may be set back. */
  #quiet = { from: 0, until: 0 };
  #msUntilNextPoll = 0;
  /** When the newest poll began, on the monotonic clock. */
  #polledAt = Number.NEGATIVE_INFINITY;
  /** Whether the newest poll began late, because nobody had asked. */
  #isLate = false;

  constructor(options: ServerProfileOptions) {
    const { source, profile, decoders, clock = systemClock } = options;
    const decoder = findOwn(decoders, profile);
    this.#options = options;
    this.#clock = clock;
    this.#session = new ConfigurationSession({
      ...options,
      decode: ({ bytes, contentType }) => {
        // YAML that cannot be parsed here is passed on as it is.
        const parseYaml = options.parseYaml ?? ((text: string) => text);
        const value = decodeContent(bytes, contentType, { ...options, parseYaml }, decoder);
        if (process.env.NODE_ENV !== 'production') freezeDecoded(value, decoder);
        return { bytes, contentType, value: options.isFlags ? checkFeatureFlags(value) : value };
      },
    });
    this.#unsubscribe = source.subscribe?.(options, () => {
      this.#session.expectChange();
      this.#quiet = { from: 0, until: 0 };
    });
  }

  /** Why the newest poll failed, or its content cannot be used. */
  get error(): AppConfigError | undefined {
    return this.#session.error;
  }

  /**
   * When the newest answer came, in milliseconds since 1970. One that is about to be replaced passes for a
   * little newer, so that a page does not ask for it again at once.
   */
  get confirmedAt(): number {
    const now = this.#clock.now();
    const intervalMs = this.pollIntervalInSeconds * 1_000;
    return Math.max(this.#session.lastAnswerAt ?? 0, now - intervalMs * (1 - LATENESS));
  }

  /** Whether a poll has just gone out. One that takes long is no reason to come back soon. */
  get isJustPolling(): boolean {
    if (!this.#refreshing) return false;
    return this.#clock.monotonicNow() - this.#polledAt < PATIENCE_MS;
  }

  /** How often the service wants to be asked. */
  get pollIntervalInSeconds(): number {
    return this.#session.pollIntervalInSeconds ?? DEFAULT_INTERVAL_IN_SECONDS;
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
    const { last } = this.#session;
    if (last && this.#isDue()) {
      this.#refreshing = this.#refresh(prepare);
      waitUntil?.(this.#refreshing);
    }
    return last;
  }

  /**
   * The last good configuration, or the first one as soon as it is there.
   *
   * @throws AppConfigError, as a rejection, where there is none.
   */
  async read(waitUntil?: WaitUntil): Promise<ServerSnapshot> {
    return this.peek(waitUntil) ?? this.#readFirst();
  }

  /**
   * The same, but if nobody has asked for a while, it waits for the poll that is due: briefly, once.
   *
   * @throws AppConfigError, as a rejection, where there is none.
   */
  async readFresh(): Promise<ServerSnapshot> {
    const known = this.peek();
    if (!known) return this.#readFirst();
    if (!this.#refreshing || !this.#isLate) return known;
    await this.#waitBriefly(this.#refreshing);
    return this.#session.last ?? known;
  }

  /** Stops following the source, which may let go of what it holds for it. Reading still works. */
  dispose(): void {
    this.#unsubscribe?.();
    this.#options.source.release?.(this.#options);
  }

  async #readFirst(): Promise<ServerSnapshot> {
    try {
      return await this.#session.poll();
    } finally {
      this.#quiet = { from: 0, until: 0 };
      this.#isDue();
    }
  }

  /** Mostly reads one clock once: on some machines that is the largest cost of an answer. */
  #isDue(): boolean {
    if (this.#refreshing) {
      this.#msUntilNextPoll = 0;
      return false;
    }
    const now = this.#clock.now();
    const { from, until } = this.#quiet;
    if (now < from || now >= until) this.#quiet = { from: now, until: now + this.#findWait() };
    this.#msUntilNextPoll = this.#quiet.until - now;
    return this.#msUntilNextPoll === 0;
  }

  #findWait(): number {
    const { msUntilNextPoll, error, last } = this.#session;
    if (msUntilNextPoll === 0 || !error || !last) return msUntilNextPoll;
    const left = this.#msLeftOfInterval;
    if (left > 0) return Math.min(left, msUntilNextPoll);
    // Processes are few: one that asks once an interval is no stampede, however long the outage.
    this.#session.cutBackoffShort();
    return this.#session.msUntilNextPoll;
  }

  get #msLeftOfInterval(): number {
    const elapsedMs = this.#clock.monotonicNow() - this.#polledAt;
    return Math.max(0, this.pollIntervalInSeconds * 1_000 - elapsedMs);
  }

  async #waitBriefly(refreshing: Promise<void>): Promise<void> {
    const leftMs = this.#polledAt + PATIENCE_MS - this.#clock.monotonicNow();
    if (leftMs <= 0) return;
    let callOff: (() => void) | undefined;
    const patience = new Promise<void>((resolve) => {
      callOff = this.#clock.schedule(resolve, leftMs);
    });
    await Promise.race([refreshing, patience]);
    callOff?.();
  }

  async #refresh(prepare?: (snapshot: ServerSnapshot) => Promise<unknown>): Promise<void> {
    const { nextPollAt = 0 } = this.#session;
    const lateMs = this.#clock.now() - nextPollAt;
    this.#isLate = lateMs > LATENESS * this.pollIntervalInSeconds * 1_000;
    this.#polledAt = this.#clock.monotonicNow();
    try {
      const snapshot = await this.#session.poll();
      await prepare?.(snapshot);
    } catch {
      // The failure has been reported, and the last good version stays.
    } finally {
      this.#refreshing = undefined;
      this.#quiet = { from: 0, until: 0 };
    }
  }
}
