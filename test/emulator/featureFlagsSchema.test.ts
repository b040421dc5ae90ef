import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createEmulator,
  InvalidConfigurationError,
  type JsonValue,
} from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
// As AWS publishes it: https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html
import published from './featureFlagsSchema.json' with { type: 'json' };

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const DOCUMENTS = 10_000;

// Draft 07 ignores what stands beside a $ref, this validator does not: there it would refuse all documents.
const { additionalProperties: _ignored, ...schema } = published;
const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);

/** Where the emulator refuses what the schema takes, and why. */
const EXPLAINED: Readonly<Record<string, RegExp>> = {
  'a flag must say whether it is on: the console and the API refuse it otherwise':
    /"enabled" must be true or false/,
  'the limits of variants and of enums are written for texts, where they have no effect':
    /"_variants" must be a list of 1 to 32|"enum" must be a list of at most 100/,
  'the last variant is the default; the API refuses any other order':
    /needs a "rule"|the last variant is the default|another variant of this flag has this name/,
  'a rule is more than a text': /^rule: /,
  'a value must satisfy the constraints of its attribute, which no schema can say':
    /must be a text$|must be a number$|must be true or false$|must be a list$|element \d|is less than|is more than|is none of|does not match|is required/,
  'a pattern must be a regular expression':
    /"pattern" .*regular expression|"pattern" cannot be matched/,
  'an attribute called enabled would be the flag itself': /"enabled" is a reserved name/,
  'a date is a date: formats are not checked by the validator': /"_deprecation" must be/,
  'a flag has at most 25 attributes; in values the schema writes the limit where it has no effect':
    /at most 25 attributes/,
};
/** Where the emulator takes what the schema refuses, and why. */
const TAKEN =
  'an empty list is a list of texts and a list of numbers, which the schema refuses by accident';

const key = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom('a', 'checkout', 'dark-mode', 'x_1') },
  { weight: 1, arbitrary: fc.constantFrom('A', '1', '', 'enabled', 'é', 'x'.repeat(65), '_a') },
);
const text = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom('', 'x', 'two words', 'é') },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(1_025), 'a\nb') },
);
const odd: fc.Arbitrary<JsonValue> = fc.constantFrom<JsonValue[]>(
  null,
  1.5,
  'x',
  true,
  [],
  {},
  [1, 'a'],
  [null],
);
const attributeValue: fc.Arbitrary<JsonValue> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.integer(), { maxLength: 3 }),
);
/** Mostly what it should be, sometimes anything. */
const mostly = (arbitrary: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> =>
  fc.oneof({ weight: 60, arbitrary }, { weight: 1, arbitrary: odd });
const record = (
  model: Readonly<Record<string, fc.Arbitrary<JsonValue>>>,
  requiredKeys: string[] = [],
): fc.Arbitrary<JsonValue> =>
  fc
    .tuple(
      fc.record(
        Object.fromEntries(Object.entries(model).map(([name, value]) => [name, mostly(value)])),
        { requiredKeys },
      ),
      fc.oneof(
        { weight: 60, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constantFrom('unknown', 'default') },
      ),
    )
    .map(([members, other]): JsonValue => Object.assign({}, members, other && { [other]: 1 }));
const dictionary = (value: fc.Arbitrary<JsonValue>) => fc.dictionary(key, value, { maxKeys: 3 });
const TOO_MANY_ATTRIBUTES = Object.fromEntries(
  Array.from({ length: 26 }, (_, index) => [`a${index}`, index]),
);
const TOO_MANY_CHOICES = Array.from({ length: 101 }, (_, index) => index);
const limits = record(
  {
    type: fc.constantFrom('string', 'number', 'boolean', 'array', 'object'),
    required: fc.boolean(),
    pattern: fc.constantFrom('^x', '[', 'a+'),
    enum: fc.oneof(
      fc.array(fc.oneof(text, fc.integer()), { maxLength: 2 }),
      fc.constant(TOO_MANY_CHOICES),
    ),
    minimum: fc.constantFrom(0, 1, 2.5),
    maximum: fc.constantFrom(3, 10),
  },
  ['type'],
);
const ofType = (type: string, members: Readonly<Record<string, fc.Arbitrary<JsonValue>>>) =>
  record({ type: fc.constant(type), required: fc.boolean(), ...members }, ['type']);
const stringConstraint = fc.oneof(
  ofType('string', { pattern: fc.constantFrom('^x', '.', '(') }),
  ofType('string', {
    enum: fc.array(fc.constantFrom<JsonValue[]>('x', 'two words', 1), { maxLength: 2 }),
  }),
);
const numberConstraint = ofType('number', {
  minimum: fc.constantFrom(-5, 0, 1),
  maximum: fc.constantFrom(3, 10),
});
const constraint = fc.oneof(
  stringConstraint,
  numberConstraint,
  ofType('boolean', {}),
  ofType('array', { elements: fc.oneof(stringConstraint, numberConstraint) }),
  limits,
);
const definition = record({
  name: fc.constantFrom('Checkout', 'x'.repeat(64), 'x'.repeat(65)),
  description: text,
  _createdAt: text,
  _updatedAt: text,
  _deprecation: record({
    status: fc.constant('planned'),
    date: fc.constantFrom('2026-01-31', 'soon'),
  }),
  attributes: dictionary(record({ description: text, constraints: constraint })),
});
const variant = record(
  {
    name: fc.constantFrom('A', 'B', 'C'),
    enabled: fc.boolean(),
    rule: fc.constantFrom('(eq $a "x")', '(eq', ''),
    attributeValues: dictionary(attributeValue),
  },
  ['name', 'enabled'],
);
const value = fc
  .tuple(
    record({ enabled: fc.boolean(), _createdAt: text, _updatedAt: text }, ['enabled']),
    fc.oneof(
      { weight: 60, arbitrary: dictionary(mostly(attributeValue)) },
      { weight: 1, arbitrary: fc.constant(TOO_MANY_ATTRIBUTES) },
    ),
    fc.option(fc.array(variant, { maxLength: 3 }), { freq: 2 }),
  )
  .map(([flag, attributes, variants]): JsonValue =>
    Object.assign({}, attributes, flag, variants && { _variants: variants }),
  );
const documents = record(
  {
    version: fc.constantFrom('1', '1', '1', '1', '1', '2'),
    flags: dictionary(mostly(definition)),
    values: dictionary(mostly(value)),
  },
  ['version'],
);

/** What the emulator has against a document. */
function refusalOf(content: JsonValue): readonly string[] {
  try {
    createEmulator({ multiVariantFlags }).deploy({
      ...NAME,
      content: { version: '1', ...(typeof content === 'object' ? content : {}) },
      type: 'AWS.AppConfig.FeatureFlags',
    });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfigurationError) {
      return error.issues.map(({ message, position }) =>
        position === undefined ? message : `rule: ${message}`,
      );
    }
    throw error;
  }
}

/** Why the emulator refuses what the schema takes. */
function explain(message: string): string {
  const reason = Object.keys(EXPLAINED).find((name) => EXPLAINED[name]?.test(message));
  if (reason === undefined) throw new Error(`Nobody knows why: ${message}`);
  return reason;
}

function holdsEmptyList(content: JsonValue): boolean {
  return /:\[\]/.test(JSON.stringify(content));
}

describe("the check of feature flags against AWS's published schema", () => {
  it(`agrees on ${DOCUMENTS} documents, and each difference is explained`, () => {
    const seen = { valid: 0, refused: 0 };
    const reasons = new Map<string, number>();
    const count = (reason: string) => reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    fc.assert(
      fc.property(documents, (content) => {
        const whole = { version: '1', ...(typeof content === 'object' ? content : {}) };
        const messages = refusalOf(whole);
        const isTaken = isValid(whole);
        if (isTaken) seen.valid += 1;
        if (messages.length > 0) seen.refused += 1;
        if (isTaken === (messages.length === 0)) return;
        for (const reason of isTaken ? messages.map(explain) : [TAKEN]) count(reason);
        const isExplained = isTaken || holdsEmptyList(whole);
        if (!isExplained) throw new Error(JSON.stringify([whole, isValid.errors]));
      }),
      { numRuns: DOCUMENTS, seed: 20_261_125 },
    );
    // Otherwise the documents would prove nothing.
    expect(seen.valid).toBeGreaterThan(DOCUMENTS / 5);
    expect(seen.refused).toBeGreaterThan(DOCUMENTS / 5);
    expect([...reasons.keys()].toSorted()).toEqual([...Object.keys(EXPLAINED), TAKEN].toSorted());
  });
});
