import { RequestError } from '../../errors/index.ts';
import {
  ConfigurationSession,
  inMicrotask,
  systemClock,
  type Clock,
  type ConfigurationContent,
  type ConfigurationRequest,
  type ConfigurationSource,
} from '../../session/index.ts';
import { joinElection, type Leadership } from './leadership.ts';
import {
  toRequestError,
  toSharedFailure,
  type SharedConfiguration,
  type TabMessage,
} from './tabMessage.ts';

/** A leader that says nothing for this long is asked again, ... */
const SILENCE_MS = 1_000;
/** ... and after this many times considered frozen. */
const ASKS_BEFORE_TAKING_OVER = 3;

/** What a {@link SharedProfile} is made of. */
export interface SharedProfileOptions {
  source: ConfigurationSource;
  locks: LockManager;
  request: ConfigurationRequest;
  /** By {@link channelOf}. */
  channel: string;
  requestTimeoutMs?: number | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
}

/** What the tabs that ask for the same call their channel and their lock. */
export function channelOf(
  { name }: ConfigurationSource,
  { application, environment, profile, entityId, context, flagKeys }: ConfigurationRequest,
): string {
  const isForEverybody = entityId === undefined && !context && !flagKeys;
  const who = isForEverybody ? [] : [JSON.stringify([entityId, context, flagKeys])];
  // The number is the version of the messages: tabs with another version have a leader of their own.
  return ['react-appconfig', 2, name, application, environment, profile, ...who].join('\n');
}

function leftTheOthers(): RequestError {
  return new RequestError(
    'ServiceFailure',
    'The cross-tab source was disposed of. The next request joins the other tabs again.',
    { operation: 'GetLatestConfiguration', wasSent: false },
  );
}

/** One profile that the tabs of an origin poll together: the leader polls, the others ask the leader. */
export class SharedProfile {
  readonly #options: SharedProfileOptions;
  readonly #clock: Clock;
  readonly #channel: BroadcastChannel;
  readonly #leadership: Leadership;
  readonly #tab = crypto.randomUUID();
  /** Requests that wait for the leader: called with each message, and when this tab leads. */
  readonly #waiting = new Set<(message: TabMessage) => void>();
  readonly #changeListeners = new Set<() => void>();
  #stopFollowing: (() => void) | undefined;
  #session: ConfigurationSession<ConfigurationContent> | undefined;
  #content: ConfigurationContent | undefined;
  #revisions = 0;
  #asks = 0;
  #disposed = false;

  constructor(options: SharedProfileOptions) {
    const { locks, channel } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#channel = new BroadcastChannel(channel);
    this.#channel.addEventListener('message', ({ data }) => this.#hear(data));
    this.#leadership = joinElection(locks, channel, () => this.#onLeadershipChange());
  }

  /** The newest configuration, from the leader, whichever tab that is. */
  async poll(revision: string, signal: AbortSignal): Promise<SharedConfiguration> {
    let unanswered = 0;
    let hasTakenOver = false;
    for (;;) {
      signal.throwIfAborted();
      if (this.#disposed) throw leftTheOthers();
      if (this.#leadership.isLeader) {
        const answer = await this.#answerAsLeader(revision);
        if (answer) return answer;
      }
      if (unanswered === ASKS_BEFORE_TAKING_OVER) {
        unanswered = 0;
        // A lock that cannot even be taken by force is none.
        if (hasTakenOver) this.#leadership.leadAlone();
        else this.#leadership.takeOver();
        hasTakenOver = true;
        continue;
      }
      const answer = await this.#ask(revision, signal);
      if (typeof answer === 'object') return answer;
      unanswered = answer === 'silence' ? unanswered + 1 : 0;
    }
  }

  /** Calls back when the leader's source knows of a change; returns a function that ends it. */
  subscribe(onChange: () => void): () => void {
    const listener = () => onChange();
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  dispose(): void {
    this.#disposed = true;
    // Waiting requests end at once.
    for (const listener of this.#waiting) listener({ kind: 'leading' });
    this.#leadership.resign();
    this.#endSession();
    this.#channel.close();
  }

  /** Asks the leader, which may be silent, or may change meanwhile. */
  #ask(
    revision: string,
    signal: AbortSignal,
  ): Promise<SharedConfiguration | 'silence' | 'newLeader'> {
    const id = `${this.#tab}.${(this.#asks += 1)}`;
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void) => {
        callOff();
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(onMessage);
        outcome();
      };
      const onMessage = (message: TabMessage) => {
        if (message.kind === 'leading') settle(() => resolve('newLeader'));
        else if (message.kind === 'changed' || message.id !== id) return;
        else if (message.kind === 'heard') callOff();
        else if (message.kind === 'answer') settle(() => resolve(message.configuration));
        else if (message.kind === 'failure') settle(() => reject(toRequestError(message.failure)));
      };
      const onAbort = () => settle(() => reject(signal.reason));
      const callOff = this.#clock.schedule(() => settle(() => resolve('silence')), SILENCE_MS);
      signal.addEventListener('abort', onAbort);
      this.#waiting.add(onMessage);
      this.#tell({ kind: 'ask', id, revision });
    });
  }

  /** Undefined if this tab lost the lead meanwhile, as a page does that was frozen. */
  async #answerAsLeader(revision: string): Promise<SharedConfiguration | undefined> {
    const session = (this.#session ??= this.#startSession());
    try {
      const { value } = await session.poll();
      // A session that backs off resolves with what it has: the others must know that it failed.
      const { error, msUntilNextPoll } = session;
      if (error) throw error;
      if (value !== this.#content) {
        this.#content = value;
        this.#revisions += 1;
      }
      const current = `${this.#tab}.${this.#revisions}`;
      return {
        revision: current,
        bytes: current === revision ? undefined : value.bytes,
        contentType: value.contentType,
        versionLabel: session.last?.versionLabel,
        msUntilNextPoll,
      };
    } catch (error) {
      if (session !== this.#session) return undefined;
      throw toRequestError(toSharedFailure(error, session.msUntilNextPoll));
    }
  }

  #startSession(): ConfigurationSession<ConfigurationContent> {
    const { request, source, requestTimeoutMs, random } = this.#options;
    return new ConfigurationSession({
      ...request,
      source,
      requestTimeoutMs,
      random,
      clock: this.#clock,
      decode: (content) => content,
    });
  }

  #endSession(): void {
    this.#stopFollowing?.();
    this.#stopFollowing = undefined;
    this.#session?.dispose();
    this.#session = undefined;
  }

  #onLeadershipChange(): void {
    if (!this.#leadership.isLeader) {
      this.#endSession();
      return;
    }
    this.#tellAll({ kind: 'leading' });
    // Later, because a source that throws must not end the leadership.
    inMicrotask(() => this.#followSource());
  }

  /** Follows what the source knows of before the interval is over, for all tabs. */
  #followSource(): void {
    if (!this.#leadership.isLeader || this.#stopFollowing) return;
    const { source, request } = this.#options;
    this.#stopFollowing = source.subscribe?.(request, () => {
      this.#session?.expectChange();
      this.#tellAll({ kind: 'changed' });
    });
  }

  #hear(message: TabMessage): void {
    for (const listener of this.#waiting) listener(message);
    if (message.kind === 'ask' && this.#leadership.isLeader) void this.#answerTab(message);
    if (message.kind === 'changed') for (const listener of this.#changeListeners) listener();
  }

  async #answerTab({ id, revision }: TabMessage & { kind: 'ask' }): Promise<void> {
    this.#tell({ kind: 'heard', id });
    try {
      const configuration = await this.#answerAsLeader(revision);
      // The new leader says that it is one, and is asked then.
      if (configuration) this.#tell({ kind: 'answer', id, configuration });
    } catch (error) {
      this.#tell({
        kind: 'failure',
        id,
        failure: toSharedFailure(error, this.#session?.msUntilNextPoll ?? 0),
      });
    }
  }

  /** Tells the other tabs and this one. */
  #tellAll(message: TabMessage): void {
    this.#tell(message);
    this.#hear(message);
  }

  #tell(message: TabMessage): void {
    // A closed channel throws, and an answer may come after the end.
    if (this.#disposed) return;
    try {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
      this.#channel.postMessage(message);
    } catch {
      // Where nobody can be told, nobody can be asked either.
      if (!this.#leadership.isLeader) this.#leadership.leadAlone();
    }
  }
}
