import type { CompilePattern, CompiledPattern } from './flagVariants.ts';
import type { ConfigurationIssue } from './invalidConfigurationError.ts';
import { isObject } from './json.ts';

const KEY = /^[a-z][a-zA-Z\d_-]{0,63}$/;
const NAME = /^[^\n]{1,64}$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const MAX_ATTRIBUTES = 25;
const MAX_CHOICES = 100;
/** The limit for descriptions, text attributes and patterns. */
const MAX_TEXT_LENGTH = 1_024;
const DESCRIPTION_RULE = `"description" must be a text of at most ${MAX_TEXT_LENGTH} characters`;
/** What an attribute's value may be. */
export const ATTRIBUTE_RULE = `must be a text of at most ${MAX_TEXT_LENGTH} characters, a number, true or false, or a list of texts or of numbers`;
const TYPES = ['string', 'number', 'boolean', 'array'];
const ELEMENT_TYPES = ['string', 'number'];

/** An object of a document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Notes what is wrong, and where. */
export type Report = (message: string, where?: Partial<ConfigurationIssue>) => void;

/** What the values of an attribute must be. */
export type AttributeConstraint =
  | {
      readonly type: 'string';
      readonly pattern:
        { readonly source: string; readonly test: CompiledPattern['test'] } | undefined;
      readonly choices: readonly unknown[] | undefined;
    }
  | {
      readonly type: 'number';
      readonly minimum: number | undefined;
      readonly maximum: number | undefined;
    }
  | { readonly type: 'boolean' }
  | { readonly type: 'array'; readonly elements: AttributeConstraint | undefined };

/** An attribute as a document defines it. */
export interface AttributeDefinition {
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly constraint: AttributeConstraint | undefined;
}

/** A flag as a document defines it. */
export interface FlagDefinition {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly isDeprecated: boolean;
  readonly attributes: ReadonlyMap<string, AttributeDefinition>;
}

/** The same report, of something within a place. */
export function within(report: Report, where: Partial<ConfigurationIssue>): Report {
  return (message, more) => report(message, { ...where, ...more });
}

/** The members of an object whose keys a document may have; says so of all others. */
export function readEntries(
  member: string,
  entries: unknown,
  report: Report,
  placeOf: (key: string) => Partial<ConfigurationIssue>,
): readonly [key: string, value: JsonObject][] {
  if (!isObject(entries)) {
    report(`"${member}" must be an object`);
    return [];
  }
  return Object.entries(entries).flatMap(([key, value]): [string, JsonObject][] => {
    const place = within(report, placeOf(key));
    if (!isKey(key, place)) return [];
    if (isObject(value)) return [[key, value]];
    place('must be an object');
    return [];
  });
}

/** Reads what a document says of a flag besides its value. */
export function readFlagDefinition(
  { name, description, _createdAt, _updatedAt, _deprecation, attributes = {}, ...rest }: JsonObject,
  compilePattern: CompilePattern,
  report: Report,
): FlagDefinition {
  reportOthers(rest, report);
  if (name !== undefined) checkName(name, report);
  if (description !== undefined && !isText(description)) report(DESCRIPTION_RULE);
  checkTimes({ _createdAt, _updatedAt }, report);
  if (_deprecation !== undefined) checkDeprecation(_deprecation, report);
  const definitions = readEntries('attributes', attributes, report, toPlace);
  checkAttributeKeys(Object.keys(isObject(attributes) ? attributes : {}), report);
  return {
    name: isText(name) ? name : undefined,
    description: isText(description) ? description : undefined,
    isDeprecated: _deprecation !== undefined,
    attributes: new Map(
      definitions.map(([attribute, definition]) => [
        attribute,
        readAttribute(definition, compilePattern, within(report, { attribute })),
      ]),
    ),
  };
}

const toPlace = (attribute: string) => ({ attribute });

/** Complains of attributes that no flag may have. */
export function checkAttributeKeys(attributes: readonly string[], report: Report): void {
  if (attributes.length > MAX_ATTRIBUTES) {
    report(`a flag has at most ${MAX_ATTRIBUTES} attributes`);
  }
  if (attributes.includes('enabled')) {
    report('"enabled" is a reserved name', { attribute: 'enabled' });
  }
}

/** Whether a flag or an attribute may have this key; says so if not. */
export function isKey(key: string, report: Report): boolean {
  if (KEY.test(key)) return true;
  report('a key begins with a small letter and has at most 64 letters, digits, _ and -');
  return false;
}

export function checkName(name: unknown, report: Report): void {
  if (typeof name === 'string' && NAME.test(name)) return;
  report('"name" must be a text of 1 to 64 characters without a line break');
}

export function checkTimes(times: JsonObject, report: Report): void {
  for (const [name, value] of Object.entries(times)) {
    if (value !== undefined && typeof value !== 'string') report(`"${name}" must be a text`);
  }
}

/** Complains of each member that is left when the known ones are taken out. */
export function reportOthers(rest: JsonObject, report: Report): void {
  for (const name of Object.keys(rest)) report(`"${name}" is unknown`);
}

/** Whether a value is a text of a length that AWS AppConfig takes. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}

function checkDeprecation(deprecation: unknown, report: Report): void {
  const { status, date, ...rest }: JsonObject = isObject(deprecation) ? deprecation : {};
  const isDate = date === undefined || (typeof date === 'string' && DATE.test(date));
  const isStatus = status === undefined || status === 'planned';
  if (!isObject(deprecation) || !isDate || !isStatus || Object.keys(rest).length > 0) {
    report('"_deprecation" must be {"status": "planned", "date": "2026-01-31"}');
  }
}

function readAttribute(
  { description, constraints, ...rest }: JsonObject,
  compilePattern: CompilePattern,
  report: Report,
): AttributeDefinition {
  if (description !== undefined && !isText(description)) report(DESCRIPTION_RULE);
  reportOthers(rest, report);
  return {
    description: isText(description) ? description : undefined,
    isRequired: isObject(constraints) && constraints['required'] === true,
    constraint:
      constraints === undefined
        ? undefined
        : readConstraint(constraints, TYPES, compilePattern, report),
  };
}

/** A constraint, or undefined where it is itself wrong. */
function readConstraint(
  constraints: unknown,
  types: readonly string[],
  compilePattern: CompilePattern,
  report: Report,
): AttributeConstraint | undefined {
  const { type, required, ...limits }: JsonObject = isObject(constraints) ? constraints : {};
  if (typeof type !== 'string' || !types.includes(type)) {
    report(`"type" must be one of ${types.join(', ')}`);
    return undefined;
  }
  if (required !== undefined && typeof required !== 'boolean') {
    report('"required" must be true or false');
  }
  switch (type) {
    case 'string': {
      const { pattern, enum: choices, ...rest } = limits;
      reportOthers(rest, report);
      if (pattern !== undefined && choices !== undefined) {
        report('takes "pattern" or "enum", not both');
      }
      return {
        type,
        pattern: pattern === undefined ? undefined : readPattern(pattern, compilePattern, report),
        choices: choices === undefined ? undefined : readChoices(choices, report),
      };
    }
    case 'number': {
      const { minimum, maximum, ...rest } = limits;
      reportOthers(rest, report);
      return {
        type,
        minimum: readLimit('minimum', minimum, report),
        maximum: readLimit('maximum', maximum, report),
      };
    }
    case 'boolean':
      reportOthers(limits, report);
      return { type };
    default: {
      const { elements, ...rest } = limits;
      reportOthers(rest, report);
      return {
        type: 'array',
        elements:
          elements === undefined
            ? undefined
            : readConstraint(elements, ELEMENT_TYPES, compilePattern, report),
      };
    }
  }
}

function readPattern(pattern: unknown, compilePattern: CompilePattern, report: Report) {
  if (!isText(pattern)) {
    report(`"pattern" must be a regular expression of at most ${MAX_TEXT_LENGTH} characters`);
    return undefined;
  }
  const { test, problem } = compilePattern(pattern);
  if (problem) report(`"pattern" ${problem}`);
  return problem ? undefined : { source: pattern, test };
}

function readChoices(choices: unknown, report: Report): readonly unknown[] | undefined {
  const isList =
    Array.isArray(choices) &&
    choices.length <= MAX_CHOICES &&
    choices.every((choice) => isText(choice) || Number.isInteger(choice));
  if (isList) return choices;
  report(`"enum" must be a list of at most ${MAX_CHOICES} texts or whole numbers`);
  return undefined;
}

function readLimit(name: string, limit: unknown, report: Report): number | undefined {
  if (limit !== undefined && !Number.isInteger(limit)) report(`"${name}" must be a whole number`);
  return typeof limit === 'number' ? limit : undefined;
}
