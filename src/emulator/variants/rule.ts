import type { FlagContext } from '../deployments/index.ts';
import { isInSplit } from './split.ts';

/** A value that stands in a rule as it is. */
export type Literal = string | bigint | number | boolean | Date;

/** What a rule compares: a literal, a value of the context, or the result of another rule. */
export type Operand =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'context'; readonly key: string }
  | { readonly kind: 'result'; readonly rule: Rule };

/** How two values can be compared. */
export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte';

/** How a text can be searched. */
export type TextOperator = 'begins_with' | 'ends_with' | 'contains';

/** A rule that was read and checked. */
export type Rule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'and' | 'or'; readonly rules: readonly Rule[] }
  | { readonly kind: 'not'; readonly rule: Rule }
  | {
      readonly kind: 'text';
      readonly operator: TextOperator;
      readonly text: Operand;
      readonly part: Operand;
    }
  | { readonly kind: 'in'; readonly operand: Operand; readonly values: readonly Literal[] }
  | {
      readonly kind: 'matches';
      readonly operand: Operand;
      readonly test: (text: string) => boolean;
    }
  | { readonly kind: 'exists'; readonly key: string }
  | {
      readonly kind: 'split';
      readonly percentage: number;
      readonly by: Operand;
      readonly seed: string | undefined;
    };

/** What stands for a rule with a mistake. */
export const NEVER: Rule = { kind: 'constant', value: false };

/** What a rule is evaluated against. */
export interface RuleInput {
  readonly context: FlagContext;
  /** The key of the flag that the rule belongs to. */
  readonly flag: string;
}

/**
 * Whether a rule holds. Whatever is missing from the context or of another type makes a comparison
 * false.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-multi-variant-feature-flags-rules-operators.html
 */
export function holds(rule: Rule, input: RuleInput): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'and':
      return rule.rules.every((part) => holds(part, input));
    case 'or':
      return rule.rules.some((part) => holds(part, input));
    case 'not':
      return !holds(rule.rule, input);
    case 'comparison':
      return compare(rule.operator, order(rule.left, rule.right, input));
    case 'text': {
      const text = textOf(rule.text, input);
      const part = textOf(rule.part, input);
      return text !== undefined && part !== undefined && SEARCHES[rule.operator](text, part);
    }
    case 'in':
      return rule.values.some(
        (value) => order(rule.operand, { kind: 'literal', value }, input) === 0,
      );
    case 'matches': {
      const text = textOf(rule.operand, input);
      return text !== undefined && rule.test(text);
    }
    case 'exists':
      return input.context.has(rule.key);
    case 'split': {
      const by = textOf(rule.by, input);
      return by !== undefined && isInSplit(by, rule.seed ?? input.flag, rule.percentage);
    }
  }
}

const SEARCHES: Readonly<Record<TextOperator, (text: string, part: string) => boolean>> = {
  begins_with: (text, part) => text.startsWith(part),
  ends_with: (text, part) => text.endsWith(part),
  contains: (text, part) => text.includes(part),
};

function compare(operator: ComparisonOperator, ordered: number | undefined): boolean {
  if (ordered === undefined) return false;
  switch (operator) {
    case 'eq':
      return ordered === 0;
    case 'ne':
      return ordered !== 0;
    case 'gt':
      return ordered > 0;
    case 'gte':
      return ordered >= 0;
    case 'lt':
      return ordered < 0;
    case 'lte':
      return ordered <= 0;
  }
}

/** Below, at or above 0 if the left one is less, equal or more; undefined if not comparable. */
function order(left: Operand, right: Operand, input: RuleInput): number | undefined {
  const a = valueOf(left, input);
  const b = valueOf(right, input);
  if (a === undefined || b === undefined) return undefined;
  // The context is text: it is read as what it is compared with.
  return orderValues(
    left.kind === 'context' ? readAs(b, a) : a,
    right.kind === 'context' ? readAs(a, b) : b,
  );
}

function orderValues(a: Literal | undefined, b: Literal | undefined): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const isNumeric = isNumber(a) && isNumber(b);
  const areDates = a instanceof Date && b instanceof Date;
  if (!isNumeric && !areDates && typeof a !== typeof b) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumber(value: Literal): boolean {
  return typeof value === 'number' || typeof value === 'bigint';
}

function valueOf(operand: Operand, input: RuleInput): Literal | undefined {
  if (operand.kind === 'literal') return operand.value;
  return operand.kind === 'context' ? input.context.get(operand.key) : holds(operand.rule, input);
}

function textOf(operand: Operand, input: RuleInput): string | undefined {
  const value = valueOf(operand, input);
  return typeof value === 'string' ? value : undefined;
}

/** A value of the context as the type that it is compared with; undefined if it cannot be. */
function readAs(like: Literal, value: Literal): Literal | undefined {
  if (typeof value !== 'string' || typeof like === 'string') return value;
  if (typeof like === 'boolean') return BOOLEANS.get(value);
  return like instanceof Date ? readTimestamp(value) : readNumber(value);
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
const INTEGER = /^[+-]?\d{1,400}$/;
const FLOAT = /^[+-]?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,9})?$/;
const TIMESTAMP = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?)?)?$/;

function readNumber(text: string): bigint | number | undefined {
  // As it stands: a number cannot hold every integer of 64 bits.
  if (INTEGER.test(text)) return BigInt(text.startsWith('+') ? text.slice(1) : text);
  return FLOAT.test(text) ? Number(text) : undefined;
}

/** @see https://www.w3.org/TR/NOTE-datetime */
function readTimestamp(text: string): Date | undefined {
  const date = new Date(TIMESTAMP.test(text) ? text : NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
