import { checkAttributes } from './checkAttributes.ts';
import {
  checkName,
  checkTimes,
  readEntries,
  readFlagDefinition,
  reportOthers,
  within,
  type FlagDefinition,
  type JsonObject,
  type Report,
} from './flagDefinitions.ts';
import type { CompiledPattern, FlagsReading, FlagVariant, VariantFlag } from './flagVariants.ts';
import type { MultiVariantFlags } from './multiVariantFlags.ts';
import type { ConfigurationIssue } from './invalidConfigurationError.ts';
import { isObject } from './json.ts';

const MAX_VARIANTS = 32;
const NEEDS_VARIANTS =
  'this flag has variants: give createEmulator({ multiVariantFlags }), from react-appconfig/emulator/variants';

/** Whether a value is feature flags as AWS AppConfig stores them, and not as it delivers them. */
export function isFlagDocument(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const { version, flags, values } = value;
  // A flag may have one of these names, too.
  const isFlag = [version, flags, values].some((member) => isObject(member) && 'enabled' in member);
  return !isFlag && (typeof version === 'string' || isObject(flags) || isObject(values));
}

/** Whether a value of no declared type is almost certainly such flags. */
export function looksLikeFlagDocument(value: unknown): value is JsonObject {
  if (!isFlagDocument(value)) return false;
  const { version, flags, values, ...rest } = value;
  // A number in its place is a slip of the pen.
  const hasVersion = typeof version === 'string' || version === 1;
  return hasVersion && Object.keys(rest).length === 0 && (isObject(flags) || isObject(values));
}

/** A document of feature flags that was read. */
export interface FlagDocument extends FlagsReading {
  /** What the document says of its flags besides their values, by key. */
  readonly definitions: ReadonlyMap<string, FlagDefinition>;
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
): FlagDocument {
  const issues: ConfigurationIssue[] = [];
  const report: Report = (message, where) => {
    issues.push({ message, ...where });
  };
  const { version, flags = {}, values = {}, ...rest } = document;
  reportOthers(rest, report);
  if (version !== '1') {
    const found = version === undefined ? 'it is missing' : `not ${JSON.stringify(version)}`;
    report(`"version" must be the text "1", the version of the schema: ${found}`);
  }
  const compilePattern = multiVariantFlags?.compilePattern ?? compileNatively;
  const definitions = new Map(
    readEntries('flags', flags, report, toPlace).map(([flag, definition]) => [
      flag,
      readFlagDefinition(definition, compilePattern, within(report, { flag })),
    ]),
  );
  const read = readEntries('values', values, report, toPlace).map(([key, value]): VariantFlag => {
    const place = within(report, { flag: key });
    return { key, variants: readValue(value, definitions.get(key), multiVariantFlags, place) };
  });
  return { definitions, flags: read, issues };
}

const toPlace = (flag: string) => ({ flag });

/** JavaScript's own engine, which a pattern can hang: good enough for your own documents. */
function compileNatively(pattern: string): CompiledPattern {
  try {
    const expression = new RegExp(pattern);
    return { test: (text) => expression.test(text), problem: undefined };
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return { test: () => false, problem: `is not a regular expression: ${reason}` };
  }
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

function readValue(
  value: JsonObject,
  definition: FlagDefinition | undefined,
  multiVariantFlags: MultiVariantFlags | undefined,
  report: Report,
): readonly FlagVariant[] {
  const { enabled, _createdAt, _updatedAt, _variants, ...attributes } = value;
  checkTimes({ _createdAt, _updatedAt }, report);
  if (_variants !== undefined) {
    if (enabled !== undefined && typeof enabled !== 'boolean') {
      report('"enabled" must be true or false');
    }
    // Attributes beside variants are never served, but must still be valid.
    checkAttributes(attributes, undefined, false, report);
    return readVariants(_variants, definition, multiVariantFlags, report);
  }
  if (typeof enabled !== 'boolean') report('"enabled" must be true or false');
  checkAttributes(attributes, definition, enabled === true, report);
  return [{ matches: undefined, value: deliver(enabled === true, attributes) }];
}

function readVariants(
  variants: unknown,
  definition: FlagDefinition | undefined,
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
    reportOthers(rest, place);
    checkName(name, place);
    if (names.has(name)) place('another variant of this flag has this name');
    names.add(name);
    if (typeof enabled !== 'boolean') place('"enabled" must be true or false');
    if (!isObject(attributeValues)) {
      place('"attributeValues" must be an object');
      return [];
    }
    checkAttributes(attributeValues, definition, enabled === true, place);
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
