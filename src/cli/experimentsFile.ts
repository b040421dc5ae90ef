import { Members, readExperiment } from '../emulator/deployments/index.ts';
import type { ConfigurationName, Emulator, Experiment } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';

/** Keeps the experiments of an emulator as a file says. */
export function createExperimentsFile(emulator: Emulator) {
  /** What a running experiment was started with, by its flag. */
  const running = new Map<string, Experiment>();

  /**
   * Starts, changes and stops the experiments of a configuration, and returns how many run then.
   *
   * @throws CommandError, InvalidArgumentError; what ran before goes on as far as it was not reached.
   */
  function apply(name: ConfigurationName, content: Uint8Array): number {
    const wanted = readExperiments(name, content);
    for (const [key, before] of running) {
      const isOther = keyOf(before, '') !== keyOf(name, '');
      if (isOther || wanted.some((experiment) => keyOf(experiment) === key)) continue;
      emulator.stopExperiment(before);
      running.delete(key);
    }
    for (const experiment of wanted) {
      const key = keyOf(experiment);
      const before = running.get(key);
      if (before && isDefinedAlike(before, experiment)) update(before, experiment);
      else {
        if (before) emulator.stopExperiment(before);
        running.delete(key);
        emulator.startExperiment(experiment);
      }
      running.set(key, experiment);
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

function keyOf(name: ConfigurationName, flag = 'flag' in name ? String(name.flag) : ''): string {
  return JSON.stringify([name.application, name.environment, name.profile, flag]);
}

function readExperiments(name: ConfigurationName, content: Uint8Array): readonly Experiment[] {
  const { application, environment, profile } = name;
  let list: unknown;
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    throw new CommandError(`It is not valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!Array.isArray(list)) {
    throw new CommandError('It must be a list of experiments: [{"flag": …, "control": …}].');
  }
  return list.map((item: unknown) =>
    readExperiment(new Members({ ...Object(item), application, environment, profile })),
  );
}
