import type { EmulatorOperation, EmulatorSession, ViolationRule } from './api/index.ts';
import type {
  ConfigurationName,
  ConfigurationState,
  Deployment,
  DeploymentEvent,
  Experiment,
  ExperimentName,
  ExperimentState,
  ExperimentUpdate,
  MultiVariantFlags,
  TreatmentAssignment,
} from './deployments/index.ts';
import type { Fault } from './faults/index.ts';

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
  /**
   * Calls back once after `delayMs`, for answers that come late.
   * @default the machine's timers
   */
  schedule?(callback: () => void, delayMs: number): unknown;
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
  /**
   * Starts an experiment on a flag. Asked for the flag with an `Entity-Id`, the Agent's route answers with
   * the treatment of that entity from now on; the flag stays what it is for everybody else.
   *
   * @throws InvalidArgumentError for what AWS AppConfig would refuse, and without `multiVariantFlags`.
   */
  startExperiment(experiment: Experiment): void;
  /** Exposes more entities, or replaces the overrides. @throws InvalidArgumentError */
  updateExperiment(update: ExperimentUpdate): void;
  /** Ends an experiment: everybody gets the flag as it is deployed. @throws InvalidArgumentError */
  stopExperiment(name: ExperimentName): void;
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
  /**
   * Calls back with the events that EventBridge would receive; returns a function that stops it.
   * What is due with time, such as the next step of a roll-out, is noticed with the next request, the next
   * `advance()` or the next look at `configurations` or `events`.
   */
  onEvent(listener: (event: DeploymentEvent) => void): () => void;
  /** What has been deployed. */
  readonly configurations: readonly ConfigurationState[];
  /** The sessions whose token can still be used, those that polled last at the end. */
  readonly sessions: readonly EmulatorSession[];
  /** The faults that have not happened yet. */
  readonly faults: readonly Fault[];
  /** The experiments that run or have run. */
  readonly experiments: readonly ExperimentState[];
  /** The treatments that were answered, the newest last. */
  readonly assignments: readonly TreatmentAssignment[];
  /** What EventBridge would have received, the newest last. */
  readonly events: readonly DeploymentEvent[];
  /** The rules that clients broke, the newest last. */
  readonly violations: readonly Violation[];
  /** The requests that came, the newest last. */
  readonly requests: readonly EmulatorRequest[];
}
