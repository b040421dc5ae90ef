/** A value that JSON can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The two operations of the data API, by AWS's names. */
export type EmulatorOperation = 'StartConfigurationSession' | 'GetLatestConfiguration';

/** A version of a configuration that is to be served from now on. */
export interface Deployment {
  application: string;
  environment: string;
  profile: string;
  /** Text and bytes are served as they are, any other value as JSON. */
  content: string | Uint8Array | JsonValue;
  /**
   * The media type that the content is served with.
   * @default `application/octet-stream` for bytes, else `application/json`
   */
  contentType?: string | undefined;
  /** The version's label, if it shall have one. */
  versionLabel?: string | undefined;
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
   * @default both
   */
  operation?: EmulatorOperation | undefined;
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
  /** The short name of the token that came with it. */
  readonly token: string | undefined;
  /** The short name of the token that went out with the answer. */
  readonly nextToken: string | undefined;
  /** The answer's HTTP status; 0 when the connection was reset. */
  readonly status: number;
  /** The answer's error, by AWS's name. */
  readonly error: string | undefined;
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
   * The poll interval of sessions that ask for none, in seconds.
   * @default 60, as AWS AppConfig answers
   */
  pollIntervalInSeconds?: number | undefined;
  /**
   * How many requests and violations are remembered, the newest ones.
   * @default 1000
   */
  historyLength?: number | undefined;
}

/** AWS AppConfig in memory. */
export interface Emulator {
  /** Answers a request to the data API as AWS AppConfig would. Rejects with a TypeError where a fault resets the connection. */
  fetch(request: Request): Promise<Response>;
  /** Serves a version from now on. The first deployment of a profile creates what it needs. */
  deploy(deployment: Deployment): void;
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
  /** The rules that clients broke, the newest last. */
  readonly violations: readonly Violation[];
  /** The requests that came, the newest last. */
  readonly requests: readonly EmulatorRequest[];
}
