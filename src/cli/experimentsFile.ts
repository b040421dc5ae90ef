import { readableName } from '../emulator/api/index.ts';
import { Members, readExperiment } from '../emulator/deployments/index.ts';
import type { ConfigurationName, Emulator, Experiment } from '../emulator/index.ts';
import { assertContent } from './assertContent.ts';
import { CommandError } from './commandError.ts';

/** Keeps the experiments of an emulator as a file says. */
export function createExperimentsFile(emulator: Emulator) {
  /** What the running experiments of each configuration were started with, by flag. */
  const runningOf = new Map<string, Map<string, Experiment>>();

  /**
   * Starts, changes and stops the experiments of a configuration, and returns how many run then.
   *
   * @throws CommandError, InvalidArgumentError; what ran before goes on as far as it was not reached.
   */
  function apply(name: ConfigurationName, content: Uint8Array): number {
    const wanted = readExperiments(name, content);
    const running = runningOf.get(readableName(name)) ?? new Map<string, Experiment>();
    runningOf.set(readableName(name), running);
    for (const [flag, before] of running) {
      const after = wanted.find((experiment) => experiment.flag === flag);
      if (after && isDefinedAlike(before, after)) continue;
      emulator.stopExperiment(before);
      running.delete(flag);
    }
    for (const experiment of wanted) {
      const before = running.get(experiment.flag);
      if (before) update(before, experiment);
      else emulator.startExperiment(experiment);
      running.set(experiment.flag, experiment);
    }
    return wanted.length;
  }

  function update(before: Experiment, { exposurePercentage, overrides = {}, ...rest }: Experiment) {
    const { application, environment, profile, flag } = rest;
    const name = { application, environment, profile, flag };
    if (exposurePercentage !== before.exposurePercentage) {
      emulator.updateExperiment({ ...name, exposurePercentage });
    }
    if (JSON.stringify(overrides) !== JSON.stringify(before.overrides ?? {})) {
      emulator.updateExperiment({ ...name, overrides });
    }
  }

  return { apply };
}

/** A lower exposure and another definition need another run. */
function isDefinedAlike(a: Experiment, b: Experiment): boolean {
  return toDefinition(a) === toDefinition(b) && b.exposurePercentage >= a.exposurePercentage;
}

function toDefinition({ control, treatments, audienceRule }: Experiment): string {
  return JSON.stringify([control, treatments, audienceRule]);
}

function readExperiments(name: ConfigurationName, content: Uint8Array): readonly Experiment[] {
  const { application, environment, profile } = name;
  assertContent(content, 'application/json');
  const list: unknown = JSON.parse(new TextDecoder().decode(content));
  if (!Array.isArray(list)) {
    throw new CommandError('It must be a list of experiments: [{"flag": …, "control": …}].');
  }
  return list.map((item: unknown) =>
    readExperiment(new Members({ ...Object(item), application, environment, profile })),
  );
}
