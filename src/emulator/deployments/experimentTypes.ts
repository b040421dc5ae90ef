import type { ConfigurationName, JsonValue } from './deploymentTypes.ts';
import type { FlagContext, FlagValue } from './flagVariants.ts';

/** What a flag is for the entities that get a treatment. */
export interface Treatment {
  /** Its share of the exposed entities, relative to the sum of all weights. */
  readonly weight: number;
  readonly enabled: boolean;
  readonly attributeValues?: { readonly [attribute: string]: JsonValue } | undefined;
}

/** A flag of a configuration. */
export interface ExperimentName extends ConfigurationName {
  readonly flag: string;
}

/**
 * An experiment on a flag: its definition and its run in one.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-experimentation.html
 */
export interface Experiment extends ExperimentName {
  /** What stays as it is, with the key `c`. */
  readonly control: Treatment;
  /** 1 to 5 treatments, with the keys `t1`, `t2` and so on in their order. */
  readonly treatments: readonly Treatment[];
  /**
   * A rule over the context that says who takes part.
   * @default everybody
   */
  readonly audienceRule?: string | undefined;
  /** The percentage of the audience that is exposed, 0 to 100. It can only be raised. */
  readonly exposurePercentage: number;
  /** Treatment keys by entity, at most 32, whatever audience and exposure say. */
  readonly overrides?: { readonly [entityId: string]: string } | undefined;
}

/** What may be changed of an experiment while it runs: one of the two at a time. */
export interface ExperimentUpdate extends ExperimentName {
  readonly exposurePercentage?: number | undefined;
  readonly overrides?: { readonly [entityId: string]: string } | undefined;
}

/** An experiment that was started. */
export interface ExperimentState extends Experiment {
  /** Counts up from 1 for each flag. */
  readonly run: number;
  readonly status: 'RUNNING' | 'DONE';
  /** In milliseconds since 1970 by the emulator's clock. */
  readonly startedAt: number;
  /** How many assignments were answered, by treatment key. */
  readonly assignments: { readonly [treatmentKey: string]: number };
}

/**
 * A line of the assignment log, in the form in which the Agent writes it.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-experimentation.html
 */
export interface TreatmentAssignment {
  /** In ISO 8601, by the emulator's clock. */
  readonly timestamp: string;
  readonly treatmentKey: string;
  readonly entityId: string;
}

/** What the experiments of an emulator need to know. */
export interface ExperimentsOptions {
  readonly now: () => number;
  /** How many assignments are remembered. */
  readonly historyLength: number;
}

/** Whom a treatment is asked for. */
export interface Entity {
  readonly id: string;
  readonly context: FlagContext;
}

/** The experiments of an emulator. */
export interface Experiments {
  /** @throws InvalidArgumentError */
  readonly start: (experiment: Experiment) => void;
  /** @throws InvalidArgumentError */
  readonly update: (update: ExperimentUpdate) => void;
  /** @throws InvalidArgumentError */
  readonly stop: (name: ExperimentName) => void;
  /** A flag's value for an entity, which counts as an assignment; undefined if it takes no part. */
  readonly assign: (name: ExperimentName, entity: Entity) => FlagValue | undefined;
  readonly states: readonly ExperimentState[];
  readonly assignments: readonly TreatmentAssignment[];
}
