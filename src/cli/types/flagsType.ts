import type {
  AttributeDefinition,
  FlagDefinition,
  FlagValue,
  VariantFlag,
} from '../../emulator/deployments/index.ts';
import { jsonType, listOf, objectType, quoteKey, quoteText, union } from './jsonType.ts';

/** What one document says of its flags. */
export interface FlagsSample {
  readonly definitions: ReadonlyMap<string, FlagDefinition>;
  readonly flags: readonly VariantFlag[];
}

/** The `FeatureFlags` of these documents, which are of one profile. */
export function flagsType(samples: readonly FlagsSample[], depth: number): string {
  const keys = samples.flatMap(({ definitions, flags }) => [
    ...definitions.keys(),
    ...flags.map(({ key }) => key),
  ]);
  const members = [...new Set(keys)].toSorted().map((key) => {
    const definitions = samples.flatMap((sample) => sample.definitions.get(key) ?? []);
    const values = samples
      .flatMap(({ flags }) => flags.filter((flag) => flag.key === key))
      .flatMap(({ variants }) => variants.map(({ value }) => value))
      .filter(({ enabled }) => enabled === true);
    const attributes = objectType(attributesOf(definitions, values, depth + 1), depth + 1);
    return `${comment(definitions.at(-1), depth + 1)}${quoteKey(key)}: ${attributes}`;
  });
  return `FeatureFlags<${objectType(members, depth)}>`;
}

function attributesOf(
  definitions: readonly FlagDefinition[],
  values: readonly FlagValue[],
  depth: number,
): readonly string[] {
  const names = [
    ...definitions.flatMap(({ attributes }) => [...attributes.keys()]),
    ...values.flatMap((value) => Object.keys(value)),
  ];
  return [...new Set(names)]
    .filter((name) => name !== 'enabled' && name !== '_variant')
    .toSorted()
    .map((name) => {
      const defined = definitions.flatMap(({ attributes }) => attributes.get(name) ?? []);
      const given = values.flatMap((value) => (Object.hasOwn(value, name) ? [value[name]] : []));
      const isAlwaysThere =
        defined.length > 0
          ? defined.length === definitions.length && defined.every(({ isRequired }) => isRequired)
          : given.length === values.length;
      const mark = isAlwaysThere ? '' : '?';
      const type = attributeType(defined, given, depth);
      return `${comment(defined.at(-1), depth + 1)}${quoteKey(name)}${mark}: ${type}`;
    });
}

/** What constraints allow or, without any, what the values are. */
function attributeType(
  defined: readonly AttributeDefinition[],
  given: readonly unknown[],
  depth: number,
): string {
  const constraints = defined.map(({ constraint }) => constraint);
  if (constraints.length > 0 && constraints.every(isThere)) {
    return union(constraints.map(constraintType));
  }
  return given.length > 0 ? jsonType(given, depth) : 'AttributeValue';
}

function constraintType(constraint: Constraint): string {
  switch (constraint.type) {
    case 'string':
      return constraint.choices ? union(constraint.choices.map(choiceType)) : 'string';
    case 'array':
      return constraint.elements
        ? listOf(constraintType(constraint.elements))
        : 'readonly string[] | readonly number[]';
    default:
      return constraint.type;
  }
}

function choiceType(choice: unknown): string {
  return typeof choice === 'string' ? quoteText(choice) : String(choice);
}

type Constraint = NonNullable<AttributeDefinition['constraint']>;

function isThere(constraint: Constraint | undefined): constraint is Constraint {
  return constraint !== undefined;
}

/** The comment that goes before a member; empty if there is nothing to say. */
function comment(definition: Partial<FlagDefinition> | undefined, depth: number): string {
  const { name, description, isDeprecated } = definition ?? {};
  const text = [description ?? name, isDeprecated && '@deprecated'].filter(Boolean).join(' ');
  if (!text) return '';
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('*/', String.raw`*\/`);
  return `/** ${line} */\n${'  '.repeat(depth)}`;
}
