import { checkAttributes } from './checkAttributes.ts';
import type { JsonValue } from './deploymentTypes.ts';
import type { Experiment, ExperimentName, ExperimentUpdate, Treatment } from './experimentTypes.ts';
import type { Members } from './members.ts';
import { readConfigurationName } from './readDeployment.ts';

const MAX_TREATMENTS = 5;
const MAX_OVERRIDES = 32;
const MAX_ENTITY_ID_LENGTH = 2_048;
const MAX_RULE_LENGTH = 16_384;
const CONTROL_KEY = 'c';

/** Treatments by key, the control first. */
export function armsOf({
  control,
  treatments,
}: Pick<Experiment, 'control' | 'treatments'>): ReadonlyMap<string, Treatment> {
  const entries = treatments.map((treatment, index) => [`t${index + 1}`, treatment] as const);
  return new Map([[CONTROL_KEY, control], ...entries]);
}

/** @throws InvalidArgumentError */
export function readExperimentName(members: Members): ExperimentName {
  return { ...readConfigurationName(members), flag: members.text('flag') };
}

/** @throws InvalidArgumentError with the name of the member that is wrong. */
export function readExperiment(members: Members): Experiment {
  const experiment = {
    ...readExperimentName(members),
    control: readTreatment(members.object('control')),
    treatments: members.list('treatments', { min: 1, max: MAX_TREATMENTS }).map(readTreatment),
    audienceRule: members.optional('audienceRule', (name) =>
      members.text(name, { max: MAX_RULE_LENGTH }),
    ),
    exposurePercentage: members.number('exposurePercentage', { min: 0, max: 100 }),
  };
  const arms = armsOf(experiment);
  if ([...arms.values()].every(({ weight }) => weight === 0)) {
    throw members.refuse('treatments', 'must have a weight above 0, or the control must');
  }
  const overrides = members.optional('overrides', () => readOverrides(members, arms));
  members.assertNoOthers();
  return { ...experiment, overrides };
}

function readTreatment(members: Members): Treatment {
  const weight = members.number('weight', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const enabled = members.boolean('enabled');
  const attributeValues = members.optional('attributeValues', (name) => {
    const values = members.plainObject(name);
    checkAttributes(values, undefined, enabled, (message, where) => {
      throw members.refuse(name, `"${where?.attribute ?? ''}": ${message}`);
    });
    return Object.fromEntries(Object.entries(values).flatMap(toJsonEntry));
  });
  members.assertNoOthers();
  return { weight, enabled, attributeValues };
}

function readOverrides(
  members: Members,
  arms: ReadonlyMap<string, Treatment> | undefined,
): Readonly<Record<string, string>> {
  const entries = Object.entries(members.plainObject('overrides'));
  if (entries.length > MAX_OVERRIDES) {
    throw members.refuse('overrides', `must name at most ${MAX_OVERRIDES} entities`);
  }
  return Object.fromEntries(
    entries.map(([entityId, key]) => {
      const isEntity = entityId.length >= 1 && entityId.length <= MAX_ENTITY_ID_LENGTH;
      if (isEntity && typeof key === 'string' && (arms?.has(key) ?? true)) return [entityId, key];
      throw members.refuse(
        'overrides',
        `must hold ${arms ? `one of ${[...arms.keys()].join(', ')}` : 'the key of a treatment'} by the id of an entity`,
      );
    }),
  );
}

/**
 * Reads what is to change of an experiment.
 *
 * @param arms what overrides may name; anything where they are not known
 * @throws InvalidArgumentError with the name of the member that is wrong.
 */
export function readExperimentUpdate(
  members: Members,
  arms?: ReadonlyMap<string, Treatment>,
): ExperimentUpdate {
  const update = {
    ...readExperimentName(members),
    exposurePercentage: members.optional('exposurePercentage', (name) =>
      members.number(name, { min: 0, max: 100 }),
    ),
    overrides: members.optional('overrides', () => readOverrides(members, arms)),
  };
  members.assertNoOthers();
  if ((update.exposurePercentage === undefined) === (update.overrides === undefined)) {
    throw members.refuse('exposurePercentage', 'or "overrides" must be given, one at a time');
  }
  return update;
}

/** What has been checked, as its type. */
function toJsonEntry([attribute, value]: [string, unknown]): [string, JsonValue][] {
  return isJson(value) ? [[attribute, value]] : [];
}

function isJson(value: unknown): value is JsonValue {
  return Array.isArray(value) ? value.every(isJson) : /string|number|boolean/.test(typeof value);
}
