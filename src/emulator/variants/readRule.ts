import type { RuleReading } from '../deployments/index.ts';
import { IonSyntaxError, readIonNodes, type IonNode } from './ionNode.ts';
import { holds, NEVER, type Rule } from './rule.ts';
import { RuleReader, type Mistake } from './ruleReader.ts';

const MAX_RULE_LENGTH = 16_384;

/**
 * Reads the rule of a variant, once, into a tree. Each mistake is reported with its position; a
 * rule with a mistake never holds.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-multi-variant-feature-flags-rules-operators.html
 */
export function readRule(text: string): RuleReading {
  if (text.length > MAX_RULE_LENGTH) {
    const message = `a rule has at most ${MAX_RULE_LENGTH} characters`;
    return toReading(NEVER, [{ message, position: MAX_RULE_LENGTH }]);
  }
  const { ion, positionOf } = toIon(text);
  try {
    const [node, second] = readIonNodes(ion);
    if (!node) return toReading(NEVER, [{ message: 'a rule must not be empty', position: 0 }]);
    const reader = new RuleReader();
    const rule = reader.readExpression(node);
    if (second) {
      reader.mistakes.push({ message: 'a rule is one expression', position: second.position });
    }
    const mistakes = reader.mistakes.map(({ message, position }) => ({
      message,
      position: positionOf(position),
    }));
    return toReading(rule, mistakes);
  } catch (error) {
    if (!(error instanceof IonSyntaxError)) throw error;
    return toReading(NEVER, [{ message: error.message, position: positionOf(error.position) }]);
  }
}

/** Reads a rule that stands in an Ion document; positions are those of the document. */
export function readRuleNode(node: IonNode): RuleReading {
  const reader = new RuleReader();
  return toReading(reader.readExpression(node), reader.mistakes);
}

function toReading(rule: Rule, issues: readonly Mistake[]): RuleReading {
  const checked = issues.length > 0 ? NEVER : rule;
  return { matches: (context, flag) => holds(checked, { context, flag }), issues };
}

/** Texts, timestamps that end with their month, brackets, and blanks. */
const PARTS =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?<![\w.-])\d{4}-\d{2}(?![\w.-])|[[\]]|(?<=[^\s,[])\s+(?=[^\s,\]])/g;

/**
 * Ion wants a T after the month of a timestamp and commas between the values of a list; the rule
 * language does without both.
 */
function toIon(text: string): { ion: string; positionOf: (position: number) => number } {
  const added: number[] = [];
  let depth = 0;
  const ion = text.replace(PARTS, (part, offset: number) => {
    if (part === '[') depth += 1;
    if (part === ']') depth -= 1;
    const isBlank = part.trim() === '';
    if (isBlank ? depth <= 0 : !/^\d/.test(part)) return part;
    added.push(offset + added.length + part.length);
    return isBlank ? `${part},` : `${part}T`;
  });
  const positionOf = (position: number) => position - added.filter((at) => at < position).length;
  return { ion, positionOf };
}
