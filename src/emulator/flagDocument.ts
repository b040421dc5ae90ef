import {
  checkAttributes,
  checkKey,
  checkNothingElse,
  isText,
  MAX_TEXT_LENGTH,
  readConstraints,
  type Constraints,
  type JsonObject,
  type Report,
} from './attributeConstraints.ts';
import type { FlagsReading, FlagVariant, MultiVariantFlags, VariantFlag } from './flagVariants.ts';
import type { ConfigurationIssue } from './invalidConfigurationError.ts';
import { isObject } from './json.ts';

const NAME = /^[^\n]{1,64}$/;
const MAX_VARIANTS = 32;
const NEEDS_VARIANTS =
  'this flag has variants: give createEmulator({ multiVariantFlags }), from react-appconfig/emulator/variants';

/** Whether a value is feature flags as AWS AppConfig stores them, and not as it delivers them. */
export function isFlagDocument(value: unknown): value is JsonObject {
  return isObject(value) && typeof value['version'] === 'string';
}

/** Whether a value of which nobody said what it is cannot well be anything else than such flags. */
export function looksLikeFlagDocument(value: unknown): value is JsonObject {
  if (!isFlagDocument(value)) return false;
  const { version: _, flags, values, ...rest } = value;
  return Object.keys(rest).length === 0 && (isObject(flags) || isObject(values));
}

/**
 * Reads a document of feature flags as it is stored and checks all that AWS AppConfig checks when a
 * version of it is created.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-type-reference-feature-flags.html
 */
export function readFlagDocument(
  document: JsonObject,
  multiVariantFlags: MultiVariantFlags | undefined,
): FlagsReading {
  const issues: ConfigurationIssue[] = [];
  const report: Report = (message, where) => {
    issues.push({ message, ...where });
  };
  const { version, flags: definitions = {}, values = {}, ...rest } = document;
  checkNothingElse(rest, report);
  if (version !== '1') report('"version" must be "1", the version of the schema');
  const constraints = new Map<string, Constraints>();
  for (const [flag, definition] of readFlags('flags', definitions, report)) {
    constraints.set(flag, readDefinition(definition, within(report, { flag })));
  }
  const flags: VariantFlag[] = [];
  for (const [flag, value] of readFlags('values', values, report)) {
    const variants = readValue(
      value,
      constraints.get(flag),
      multiVariantFlags,
      within(report, { flag }),
    );
    flags.push({ key: flag, variants });
  }
  return { flags, issues };
}

/** Checks a document of feature flags in the form in which AWS AppConfig delivers basic ones. */
export function checkDeliveredFlags(document: unknown): readonly ConfigurationIssue[] {
  if (!isObject(document)) return [{ message: 'feature flags are a JSON object' }];
  return Object.entries(document).flatMap(([flag, value]) =>
    isObject(value) && typeof value['enabled'] === 'boolean'
      ? []
      : [{ flag, message: '"enabled" must be true or false' }],
  );
}

function within(report: Report, where: Partial<ConfigurationIssue>): Report {
  return (message, more) => report(message, { ...where, ...more });
}

function readFlags(member: string, flags: unknown, report: Report) {
  if (!isObject(flags)) {
    report(`"${member}" must be an object`);
    return [];
  }
  return Object.entries(flags).flatMap(([flag, value]): [string, JsonObject][] => {
    const place = within(report, { flag });
    if (!checkKey(flag, place)) return [];
    if (isObject(value)) return [[flag, value]];
    place('must be an object');
    return [];
  });
}

function readDefinition(definition: JsonObject, report: Report): Constraints {
  const { name, description, _createdAt, _updatedAt, _deprecation, attributes, ...rest } =
    definition;
  checkNothingElse(rest, report);
  if (name !== undefined) checkName(name, report);
  if (description !== undefined && !isText(description)) {
    report(`"description" must be a text of at most ${MAX_TEXT_LENGTH} characters`);
  }
  checkTimes({ _createdAt, _updatedAt }, report);
  if (_deprecation !== undefined) checkDeprecation(_deprecation, report);
  return readConstraints(attributes, report);
}

function checkName(name: unknown, report: Report): void {
  if (typeof name === 'string' && NAME.test(name)) return;
  report('"name" must be a text of 1 to 64 characters without a line break');
}

function checkTimes(times: JsonObject, report: Report): void {
  for (const [name, value] of Object.entries(times)) {
    if (value !== undefined && typeof value !== 'string') report(`"${name}" must be a text`);
  }
}

function checkDeprecation(deprecation: unknown, report: Report): void {
  const { status, date, ...rest }: JsonObject = isObject(deprecation) ? deprecation : {};
  const isDate = date === undefined || (typeof date === 'string' && /^\d{4}-\d\d-\d\d$/.test(date));
  const isStatus = status === undefined || status === 'planned';
  if (!isObject(deprecation) || !isDate || !isStatus || Object.keys(rest).length > 0) {
    report('"_deprecation" must be {"status": "planned", "date": "2026-01-31"}');
  }
}

function readValue(
  value: JsonObject,
  constraints: Constraints | undefined,
  multiVariantFlags: MultiVariantFlags | undefined,
  report: Report,
): readonly FlagVariant[] {
  const { enabled, _createdAt, _updatedAt, _variants, ...attributes } = value;
  checkTimes({ _createdAt, _updatedAt }, report);
  if (_variants !== undefined) {
    if (enabled !== undefined && typeof enabled !== 'boolean') {
      report('"enabled" must be true or false');
    }
    return readVariants(_variants, constraints, multiVariantFlags, report);
  }
  if (typeof enabled !== 'boolean') report('"enabled" must be true or false');
  checkAttributes(attributes, constraints, enabled === true, report);
  return [{ matches: undefined, value: deliver(enabled === true, attributes) }];
}

function readVariants(
  variants: unknown,
  constraints: Constraints | undefined,
  multiVariantFlags: MultiVariantFlags | undefined,
  report: Report,
): readonly FlagVariant[] {
  if (!Array.isArray(variants) || variants.length === 0 || variants.length > MAX_VARIANTS) {
    report(`"_variants" must be a list of 1 to ${MAX_VARIANTS} variants, the default at the end`);
    return [];
  }
  if (!multiVariantFlags) {
    report(NEEDS_VARIANTS);
    return [];
  }
  const names = new Set<unknown>();
  return variants.flatMap((variant: unknown, index): FlagVariant[] => {
    if (!isObject(variant)) {
      report('must be an object', { variant: `${index}` });
      return [];
    }
    const { name, enabled, rule, attributeValues = {}, ...rest } = variant;
    const place = within(report, { variant: typeof name === 'string' ? name : `${index}` });
    checkNothingElse(rest, place);
    checkName(name, place);
    if (names.has(name)) place('another variant of this flag has this name');
    names.add(name);
    if (typeof enabled !== 'boolean') place('"enabled" must be true or false');
    if (!isObject(attributeValues)) {
      place('"attributeValues" must be an object');
      return [];
    }
    checkAttributes(attributeValues, constraints, enabled === true, place);
    const isDefault = index === variants.length - 1;
    return [
      {
        matches: readRule(rule, isDefault, multiVariantFlags, place),
        value: { _variant: name, ...deliver(enabled === true, attributeValues) },
      },
    ];
  });
}

function readRule(
  rule: unknown,
  isDefault: boolean,
  { readRule: read }: MultiVariantFlags,
  report: Report,
): FlagVariant['matches'] {
  // The console stores an empty rule with the default.
  const isThere = rule !== undefined && rule !== '';
  if (isDefault) {
    if (isThere) report('the last variant is the default and has no rule');
    return undefined;
  }
  if (typeof rule !== 'string' || !isThere) {
    report('needs a "rule": only the default has none, and it comes last');
    return undefined;
  }
  const { matches, issues } = read(rule);
  for (const { message, position } of issues) report(message, { position });
  return matches;
}

/** Attributes are delivered only while a flag is on. */
function deliver(enabled: boolean, attributes: JsonObject): JsonObject {
  return enabled ? { enabled, ...attributes } : { enabled };
}
