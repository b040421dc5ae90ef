import { InvalidArgumentError } from '../../errors/index.ts';
import {
  armsOf,
  hashNumber,
  History,
  Members,
  readExperiment,
  readExperimentName,
  readExperimentUpdate,
  type Entity,
  type Experiment,
  type ExperimentName,
  type Experiments,
  type ExperimentsOptions,
  type ExperimentState,
  type FlagValue,
  type RuleMatcher,
  type Treatment,
  type TreatmentAssignment,
} from '../deployments/index.ts';
import { readRule } from './readRule.ts';

const BUCKETS = 100_000;

/** An experiment that runs or has run. */
interface Run {
  experiment: Experiment;
  readonly number: number;
  readonly startedAt: number;
  readonly isInAudience: RuleMatcher;
  /** Treatment keys and what they make of the flag, the control first. */
  readonly arms: ReadonlyMap<string, Treatment>;
  readonly assignments: Map<string, number>;
  isDone: boolean;
}

/**
 * The experiments of an emulator: who takes part and who gets what is decided by a stable hash of the
 * entity, so an entity keeps its treatment for the life of a run, and raising the exposure only adds
 * entities.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-experimentation.html
 */
export function createExperiments({ now, historyLength }: ExperimentsOptions): Experiments {
  const runs = new Map<string, Run[]>();
  const log = new History<TreatmentAssignment>(historyLength);

  function findRunning(name: ExperimentName): Run {
    const running = runs.get(keyOf(name))?.at(-1);
    if (running && !running.isDone) return running;
    throw new InvalidArgumentError(
      `"flag" must name a flag with an experiment that runs, and "${name.flag}" has none. Start one.`,
    );
  }

  return {
    start(input) {
      const experiment = readExperiment(new Members(input));
      const before = runs.get(keyOf(experiment)) ?? [];
      if (before.at(-1)?.isDone === false) {
        throw new InvalidArgumentError(
          `An experiment is already running on the flag "${experiment.flag}". Stop it first.`,
        );
      }
      const run: Run = {
        experiment,
        number: before.length + 1,
        startedAt: Math.round(now()),
        isInAudience: readAudience(experiment),
        arms: armsOf(experiment),
        assignments: new Map(),
        isDone: false,
      };
      runs.set(keyOf(experiment), [...before, run]);
    },
    update(input) {
      const run = findRunning(readExperimentName(new Members(input)));
      const { exposurePercentage, overrides } = run.experiment;
      const update = readExperimentUpdate(new Members(input), run.arms);
      if (exposurePercentage > (update.exposurePercentage ?? 100)) {
        throw new InvalidArgumentError(
          `"exposurePercentage" can only be raised: it is ${exposurePercentage} now.`,
        );
      }
      run.experiment = {
        ...run.experiment,
        exposurePercentage: update.exposurePercentage ?? exposurePercentage,
        overrides: update.overrides ?? overrides,
      };
    },
    stop(input) {
      findRunning(readExperimentName(new Members(input))).isDone = true;
    },
    assign(name, entity) {
      const run = runs.get(keyOf(name))?.at(-1);
      if (!run || run.isDone) return undefined;
      const { overrides } = run.experiment;
      const isOverridden = overrides !== undefined && Object.hasOwn(overrides, entity.id);
      const key = isOverridden ? overrides[entity.id] : chooseTreatment(run, entity);
      const treatment = key === undefined ? undefined : run.arms.get(key);
      if (key === undefined || !treatment) return undefined;
      run.assignments.set(key, (run.assignments.get(key) ?? 0) + 1);
      const timestamp = new Date(now()).toISOString().replace(/\.\d+/, '');
      log.add({ timestamp, treatmentKey: key, entityId: entity.id });
      return deliver(treatment, isOverridden ? `__${key}_override__` : `__${key}__`);
    },
    get states() {
      return [...runs.values()].flat().map(toState);
    },
    get assignments() {
      return log.list;
    },
  };
}

function keyOf({ application, environment, profile, flag }: ExperimentName): string {
  return JSON.stringify([application, environment, profile, flag]);
}

function toState({ experiment, number, startedAt, assignments, isDone }: Run): ExperimentState {
  return {
    ...experiment,
    run: number,
    startedAt,
    status: isDone ? 'DONE' : 'RUNNING',
    assignments: Object.fromEntries(assignments),
  };
}

function chooseTreatment(run: Run, { id, context }: Entity): string | undefined {
  const { flag, exposurePercentage } = run.experiment;
  if (!run.isInAudience(context, flag)) return undefined;
  const seed = `${keyOf(run.experiment)}/${run.number}`;
  // Two independent hashes: a higher exposure moves no entity to another treatment.
  if (placeOf(`exposure/${seed}/${id}`) * 100 >= exposurePercentage) return undefined;
  const arms = [...run.arms];
  const sum = arms.reduce((total, [, { weight }]) => total + weight, 0);
  let left = placeOf(`treatment/${seed}/${id}`) * sum;
  return arms.find(([, { weight }]) => {
    left -= weight;
    return left < 0;
  })?.[0];
}

/** A stable number from 0 to 1 for a text. */
function placeOf(text: string): number {
  return (hashNumber(text) % BUCKETS) / BUCKETS;
}

function deliver({ enabled, attributeValues }: Treatment, variant: string): FlagValue {
  return enabled
    ? { ...attributeValues, _variant: variant, enabled }
    : { _variant: variant, enabled };
}

function readAudience({ audienceRule }: Experiment): RuleMatcher {
  if (audienceRule === undefined) return () => true;
  const { matches, issues } = readRule(audienceRule);
  const [issue] = issues;
  if (!issue) return matches;
  throw new InvalidArgumentError(
    `"audienceRule" cannot be read at character ${issue.position}: ${issue.message}.`,
  );
}
