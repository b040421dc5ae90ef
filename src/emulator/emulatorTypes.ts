import type { ConfigurationName, ConfigurationState, Deployment } from './deploymentTypes.ts';
import type { MultiVariantFlags } from './flagVariants.ts';

/**
 * What a request asks for, by AWS's names: the two operations of the data API, and
 * `GetConfiguration`, the route of the AppConfig Agent.
 */
export type EmulatorOperation =
  'StartConfigurationSession' | 'GetLatestConfiguration' | 'GetConfiguration';

/** A session of a client of the data API. */
export interface EmulatorSession extends ConfigurationName {
  /** The part of its tokens' short names before the dot. */
  readonly id: number;
  readonly intervalInSeconds: number;
  readonly pollCount: number;
  /** The number of the version that its last answer carried. */
  readonly version: number | undefined;
  /** In milliseconds since 1970 by the emulator's clock. */
  readonly lastSeenAt: number;
  /** From when on a poll is served, in milliseconds since 1970 by the emulator's clock. */
  readonly nextPollAt: number;
}

/** Something that goes wrong with an answer. */
export type Fault = {
  /**
   * How many requests it happens to. `Infinity` goes on until `clearFaults()`.
   * @default 1
   */
  times?: number | undefined;
  /**
   * The operation that it happens to.
   * @default all
   */
  operation?: EmulatorOperation | undefined;
  /**
   * How likely it is that it happens to a request, above 0 and up to 1.
   * @default 1
   */
  probability?: number | undefined;
} & (
  | {
      /** An error of the service. */
      kind: 'error';
      /** The HTTP status: 500 and 503 are InternalServerException, 429 is ThrottlingException, 403 AccessDeniedException. */
      status: 403 | 429 | 500 | 503;
      /** Sent as `Retry-After`, in seconds. */
      retryAfterInSeconds?: number | undefined;
    }
  | {
      /** The connection breaks after the request was served: the answer and the next token are lost. */
      kind: 'reset';
    }
  | {
      /** The answer comes late. */
      kind: 'slow';
      delayMs: number;
    }
  | {
      /** The token of a GetLatestConfiguration is refused as expired. */
      kind: 'expired';
    }
  | {
      /** The body is not what was deployed. */
      kind: 'garbage';
    }
  | {
      /** Headers of the answer are replaced, or removed where the value is null. */
      kind: 'headers';
      headers: Readonly<Record<string, string | null>>;
    }
);

/** The rules of the protocol that a client can break. */
export type ViolationRule =
  | 'token-reused'
  | 'token-expired'
  | 'token-corrupted'
  | 'poll-interval-not-satisfied'
  | 'invalid-parameters';

/** A rule of the protocol that a client broke. */
export interface Violation {
  readonly rule: ViolationRule;
  /** The short name of the token in question, such as `2.5` for the fifth token of the second session. */
  readonly token: string | undefined;
  /** When, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
}

/** A request that the emulator was sent, and how it answered. */
export interface EmulatorRequest {
  /** Counts up from 1. */
  readonly id: number;
  /** When it came, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  readonly operation: EmulatorOperation | undefined;
  /** What it asked for, as far as the emulator could tell: application/environment/profile. */
  readonly configuration: string | undefined;
  /** The short name of the token that came with it. */
  readonly token: string | undefined;
  /** The short name of the token that went out with the answer. */
  readonly nextToken: string | undefined;
  /** The answer's HTTP status; 0 when the connection was reset. */
  readonly status: number;
  /** The answer's error, by AWS's name. */
  readonly error: string | undefined;
  /** The error's message. */
  readonly message: string | undefined;
  /** How many bytes of configuration the answer carried; 0 when unchanged. */
  readonly contentBytes: number;
  /** The label or, without one, the number of the version that was served. */
  readonly version: string | undefined;
  /** The kind of the fault that struck it. */
  readonly fault: Fault['kind'] | undefined;
}

/** Where the emulator takes its time from. */
export interface EmulatorClock {
  /** Milliseconds since 1970. Must not jump. */
  now(): number;
}

/** What may be set for an emulator. */
export interface EmulatorOptions {
  /** @default the machine's time */
  clock?: EmulatorClock | undefined;
  /**
   * The poll interval of sessions that ask for none, in seconds. AWS takes no less than 15; with 0 a client may poll at once.
   * @default 60, as AWS AppConfig answers
   */
  pollIntervalInSeconds?: number | undefined;
  /**
   * How many requests and violations are remembered, the newest ones.
   * @default 1000
   */
  historyLength?: number | undefined;
  /** `multiVariantFlags` of `react-appconfig/emulator/variants`, to deploy flags that have variants. */
  multiVariantFlags?: MultiVariantFlags | undefined;
  /**
   * Numbers from 0 to 1 for faults that happen by chance.
   * @default Math.random
   */
  random?: (() => number) | undefined;
}

/** AWS AppConfig in memory. */
export interface Emulator {
  /**
   * Answers a request to the data API as AWS AppConfig would, and one to the Agent's route as the
   * AppConfig Agent would. Rejects with a TypeError where a fault resets the connection.
   */
  fetch(request: Request): Promise<Response>;
  /**
   * Serves a version from now on. The first deployment of a profile creates what it needs. A deployment
   * during a roll-out takes its place.
   *
   * @throws InvalidConfigurationError for content that AWS AppConfig would refuse; what was deployed stays.
   * @throws InvalidArgumentError for a name, a label or a strategy outside AWS's limits.
   */
  deploy(deployment: Deployment): void;
  /**
   * Goes back to the version before, or ends a roll-out and takes its version back.
   *
   * @throws InvalidArgumentError where nothing is deployed, or there is no version before.
   */
  rollBack(name: ConfigurationName): void;
  /** The bytes of a version as they were deployed; undefined once newer ones have taken its place. */
  contentOf(name: ConfigurationName, version: number): Uint8Array | undefined;
  /** Moves the emulator's clock forward. */
  advance(ms: number): void;
  /** Makes something go wrong with the next requests. Faults happen in the order in which they were injected. */
  inject(fault: Fault): void;
  /** Forgets the faults that have not happened yet. */
  clearFaults(): void;
  /** Ends all sessions, as if their tokens had expired. */
  expireSessions(): void;
  /** The emulator's time, in milliseconds since 1970. */
  now(): number;
  /** Calls back after each request and each change; returns a function that ends it. */
  subscribe(listener: () => void): () => void;
  /** What has been deployed. */
  readonly configurations: readonly ConfigurationState[];
  /** The sessions whose token can still be used, those that polled last at the end. */
  readonly sessions: readonly EmulatorSession[];
  /** The faults that have not happened yet. */
  readonly faults: readonly Fault[];
  /** The rules that clients broke, the newest last. */
  readonly violations: readonly Violation[];
  /** The requests that came, the newest last. */
  readonly requests: readonly EmulatorRequest[];
}
