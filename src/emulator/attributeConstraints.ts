import type { ConfigurationIssue } from './invalidConfigurationError.ts';
import { isObject } from './json.ts';

const KEY = /^[a-z][a-zA-Z\d_-]{0,63}$/;
const MAX_ATTRIBUTES = 25;
const MAX_CHOICES = 100;
/** Of descriptions, of attributes that are text, and of patterns. */
export const MAX_TEXT_LENGTH = 1_024;
const TYPES = ['string', 'number', 'boolean', 'array'];

/** An object of a document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Notes what is wrong, and where. */
export type Report = (message: string, where?: Partial<ConfigurationIssue>) => void;

/** Complains of one value. */
type Check = (value: unknown, report: Report) => void;

/** What the values of one attribute must be. */
interface Constraint {
  readonly isRequired: boolean;
  readonly check: Check;
}

/** What the attributes of a flag must be, by key. */
export type Constraints = ReadonlyMap<string, Constraint>;

/** Reads the definitions of a flag's attributes. */
export function readConstraints(attributes: unknown, report: Report): Constraints {
  const constraints = new Map<string, Constraint>();
  if (attributes === undefined) return constraints;
  if (!isObject(attributes)) {
    report('"attributes" must be an object');
    return constraints;
  }
  for (const [attribute, definition] of readAttributes(attributes, report)) {
    const place: Report = (message) => report(message, { attribute });
    if (!isObject(definition)) {
      place('must be an object');
      continue;
    }
    const { description = '', constraints: wanted, ...rest } = definition;
    if (!isText(description)) {
      place(`"description" must be a text of at most ${MAX_TEXT_LENGTH} characters`);
    }
    checkNothingElse(rest, place);
    if (wanted === undefined) continue;
    const check = readConstraint(wanted, TYPES, place);
    const isRequired = isObject(wanted) && wanted['required'] === true;
    if (check) constraints.set(attribute, { isRequired, check });
  }
  return constraints;
}

/** Checks the attributes of a flag or of a variant; what is required must be there while it is on. */
export function checkAttributes(
  attributes: JsonObject,
  constraints: Constraints | undefined,
  isEnabled: boolean,
  report: Report,
): void {
  for (const [attribute, value] of readAttributes(attributes, report)) {
    const place: Report = (message) => report(message, { attribute });
    if (!isAttributeValue(value)) {
      place(
        `must be a text of at most ${MAX_TEXT_LENGTH} characters, a number, true or false, or a list of texts or of numbers`,
      );
    } else {
      constraints?.get(attribute)?.check(value, place);
    }
  }
  for (const [attribute, { isRequired }] of constraints ?? []) {
    if (isRequired && isEnabled && !Object.hasOwn(attributes, attribute)) {
      report('is required', { attribute });
    }
  }
}

function readAttributes(attributes: JsonObject, report: Report): readonly [string, unknown][] {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) {
    report(`a flag has at most ${MAX_ATTRIBUTES} attributes`);
  }
  return entries.filter(([attribute]) => {
    const place: Report = (message) => report(message, { attribute });
    if (attribute === 'enabled') place('an attribute cannot be called so');
    return attribute !== 'enabled' && checkKey(attribute, place);
  });
}

/** Whether a flag or an attribute may have this key; says so if not. */
export function checkKey(key: string, report: Report): boolean {
  const isKey = KEY.test(key);
  if (!isKey)
    report('a key begins with a small letter and has at most 64 letters, digits, _ and -');
  return isKey;
}

function isAttributeValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isText) || value.every(isNumber);
  return isText(value) || isNumber(value) || typeof value === 'boolean';
}

/** Whether a value is a text of a length that AWS AppConfig takes. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** Complains of each member that is left when the known ones are taken out. */
export function checkNothingElse(rest: JsonObject, report: Report): void {
  for (const name of Object.keys(rest)) report(`"${name}" is no member here`);
}

/** What checks a value, or undefined where the constraints themselves are wrong. */
function readConstraint(wanted: unknown, types: readonly string[], report: Report) {
  const { type, required, ...limits }: JsonObject = isObject(wanted) ? wanted : {};
  if (typeof type !== 'string' || !types.includes(type)) {
    report(`"type" must be one of ${types.join(', ')}`);
    return undefined;
  }
  if (required !== undefined && typeof required !== 'boolean') {
    report('"required" must be true or false');
  }
  switch (type) {
    case 'string':
      return readTextConstraint(limits, report);
    case 'number':
      return readNumberConstraint(limits, report);
    case 'boolean':
      checkNothingElse(limits, report);
      return checkBoolean;
    default:
      return readListConstraint(limits, report);
  }
}

const checkBoolean: Check = (value, report) => {
  if (typeof value !== 'boolean') report('must be true or false');
};

function readTextConstraint(limits: JsonObject, report: Report): Check {
  const { pattern, enum: choices, ...rest } = limits;
  checkNothingElse(rest, report);
  if (pattern !== undefined && choices !== undefined) {
    report('takes "pattern" or "enum", not both');
  }
  const expression = pattern === undefined ? undefined : readPattern(pattern, report);
  const list = choices === undefined ? undefined : readChoices(choices, report);
  return (value, reportValue) => {
    if (typeof value !== 'string') reportValue('must be a text');
    else if (expression && !expression.test(value)) {
      reportValue(`"${value}" does not match the pattern ${expression.source}`);
    } else if (list && !list.includes(value)) {
      reportValue(`"${value}" is none of ${list.join(', ')}`);
    }
  };
}

function readPattern(pattern: unknown, report: Report): RegExp | undefined {
  try {
    if (isText(pattern)) return new RegExp(pattern, 'u');
  } catch {
    // Told below, with everything else that is no pattern.
  }
  report(`"pattern" must be a regular expression of at most ${MAX_TEXT_LENGTH} characters`);
  return undefined;
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

function readNumberConstraint(limits: JsonObject, report: Report): Check {
  const { minimum, maximum, ...rest } = limits;
  checkNothingElse(rest, report);
  for (const [name, limit] of Object.entries({ minimum, maximum })) {
    if (limit !== undefined && !Number.isInteger(limit)) report(`"${name}" must be a whole number`);
  }
  return (value, reportValue) => {
    if (!isNumber(value)) reportValue('must be a number');
    else if (isNumber(minimum) && value < minimum) {
      reportValue(`${value} is less than the minimum ${minimum}`);
    } else if (isNumber(maximum) && value > maximum) {
      reportValue(`${value} is more than the maximum ${maximum}`);
    }
  };
}

function readListConstraint(limits: JsonObject, report: Report): Check {
  const { elements, ...rest } = limits;
  checkNothingElse(rest, report);
  const checkElement =
    elements === undefined ? undefined : readConstraint(elements, ['string', 'number'], report);
  return (value, reportValue) => {
    if (!Array.isArray(value)) reportValue('must be a list');
    else if (checkElement) {
      for (const [index, element] of value.entries()) {
        checkElement(element, (message) => reportValue(`element ${index}: ${message}`));
      }
    }
  };
}
