import type { IonNode } from './ionNode.ts';
import { compilePattern } from './pattern.ts';
import { NEVER, type Literal, type Operand, type Rule } from './rule.ts';

const MAX_SHOWN_NAME_LENGTH = 99;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 63n - 1n;
/** What stands for an operand with a mistake. */
const NO_OPERAND: Operand = { kind: 'literal', value: false };

/** A mistake in a rule, and how many characters stand before it. */
export interface Mistake {
  readonly message: string;
  readonly position: number;
}

/** Checks what was written in a rule and turns it into a tree. It continues after a mistake. */
export class RuleReader {
  readonly mistakes: Mistake[] = [];

  readExpression(node: IonNode): Rule {
    const { value } = node;
    if (node.annotations.length > 0) this.#refuseName(node);
    if (value.kind === 'literal' && typeof value.literal === 'boolean') {
      return { kind: 'constant', value: value.literal };
    }
    if (value.kind !== 'expression') {
      const key = value.kind === 'symbol' && value.text.startsWith('$') ? value.text : '$key';
      return this.#refuse(
        node,
        `expected an expression that is true or false, such as (eq ${key} "value")`,
      );
    }
    const [operator, ...nodes] = value.nodes;
    if (operator?.value.kind !== 'symbol') {
      return this.#refuse(
        node,
        'an expression begins with its operator, such as (eq $key "value")',
      );
    }
    return this.#readOperator(operator.value.text, operator, nodes);
  }

  #readOperator(name: string, operator: IonNode, nodes: readonly IonNode[]): Rule {
    switch (name) {
      case 'eq':
      case 'ne':
      case 'gt':
      case 'gte':
      case 'lt':
      case 'lte': {
        const [left = NO_OPERAND, right = NO_OPERAND] = this.#take(2, name, operator, nodes).map(
          (node) => this.#readOperand(node),
        );
        const isOrder = name !== 'eq' && name !== 'ne';
        const isTruth = [left, right].some(
          (side) =>
            side.kind === 'result' || (side.kind === 'literal' && typeof side.value === 'boolean'),
        );
        // A missing operand has been reported already.
        if (isOrder && isTruth && nodes.length === 2) {
          return this.#refuse(operator, `${name} does not order true and false`);
        }
        return { kind: 'comparison', operator: name, left, right };
      }
      case 'and':
      case 'or':
        // Generators write a single operand for a list of one.
        if (nodes.length === 0) this.#refuse(operator, `${name} takes one or more expressions`);
        return { kind: name, rules: nodes.map((node) => this.readExpression(node)) };
      case 'not': {
        const [rule = NEVER] = this.#take(1, name, operator, nodes).map((node) =>
          this.readExpression(node),
        );
        return { kind: 'not', rule };
      }
      case 'begins_with':
      case 'ends_with':
      case 'contains': {
        const [text = NO_OPERAND, part = NO_OPERAND] = this.#take(2, name, operator, nodes).map(
          (node) => this.#readText(node),
        );
        return { kind: 'text', operator: name, text, part };
      }
      case 'in': {
        const [operand, list] = this.#take(2, name, operator, nodes);
        if (!operand || !list) return NEVER;
        if (list.value.kind !== 'list') {
          return this.#refuse(list, 'in takes a list, such as ["a", "b"]');
        }
        const values = list.value.nodes.map((node) => this.#readLiteral(node));
        return { kind: 'in', operand: this.#readOperand(operand), values };
      }
      case 'matches': {
        const named = this.#takeNamed(name, operator, nodes, { in: true, pattern: true });
        const [text, pattern] = [named.get('in'), named.get('pattern')];
        if (!text || !pattern) return NEVER;
        const test = this.#readPattern(pattern);
        return { kind: 'matches', operand: this.#readText(text), test };
      }
      case 'exists': {
        const key = this.#takeNamed(name, operator, nodes, { key: true }).get('key');
        return key ? { kind: 'exists', key: this.#readString(key, 'key::"country"') ?? '' } : NEVER;
      }
      case 'split': {
        const named = this.#takeNamed(name, operator, nodes, { pct: true, by: true, seed: false });
        const [pct, by, seed] = [named.get('pct'), named.get('by'), named.get('seed')];
        if (!pct || !by) return NEVER;
        return {
          kind: 'split',
          percentage: this.#readPercentage(pct),
          by: this.#readText(by),
          seed: seed && this.#readString(seed, 'seed::"spring"'),
        };
      }
      default:
        return this.#refuse(
          operator,
          `no operator is called "${name.slice(0, MAX_SHOWN_NAME_LENGTH)}"; there are ${OPERATORS}`,
        );
    }
  }

  #take(count: number, name: string, operator: IonNode, nodes: readonly IonNode[]) {
    for (const node of nodes) if (node.annotations.length > 0) this.#refuseName(node);
    if (nodes.length === count) return nodes;
    const hint = nodes.some(({ value }) => value.kind === 'symbol' && /^\W+$/.test(value.text))
      ? `; a name with other signs than letters, digits, _ and $ stands in single quotes, such as '$user-id'`
      : '';
    this.#refuse(
      operator,
      `${name} takes ${count === 1 ? 'one expression' : 'two operands'}${hint}`,
    );
    return [];
  }

  /** The operands of an operator that names them, in any order: true for those that it needs. */
  #takeNamed(
    name: string,
    operator: IonNode,
    nodes: readonly IonNode[],
    wanted: Readonly<Record<string, boolean>>,
  ): ReadonlyMap<string, IonNode> {
    const named = new Map<string, IonNode>();
    for (const node of nodes) {
      const [annotation = '', more] = node.annotations;
      if (more !== undefined || !Object.hasOwn(wanted, annotation)) this.#refuseName(node);
      else if (named.has(annotation)) this.#refuse(node, `${annotation}:: is given twice`);
      else named.set(annotation, node);
    }
    for (const [annotation, isNeeded] of Object.entries(wanted)) {
      if (isNeeded && !named.has(annotation))
        this.#refuse(operator, `${name} needs ${annotation}::`);
    }
    return named;
  }

  #readOperand(node: IonNode): Operand {
    const { value } = node;
    if (value.kind === 'expression') return { kind: 'result', rule: this.readExpression(node) };
    if (value.kind === 'symbol' && /^\$./u.test(value.text)) {
      return { kind: 'context', key: value.text.slice(1) };
    }
    return { kind: 'literal', value: this.#readLiteral(node) };
  }

  #readText(node: IonNode): Operand {
    const operand = this.#readOperand(node);
    const isText =
      operand.kind === 'context' ||
      (operand.kind === 'literal' && typeof operand.value === 'string');
    if (!isText && node.value.kind !== 'symbol' && node.value.kind !== 'other') {
      this.#refuse(node, 'expected a text or a value of the context, such as "beta" or $userId');
    }
    return operand;
  }

  #readLiteral(node: IonNode): Literal {
    const { value } = node;
    if (value.kind === 'string') return value.text;
    if (value.kind === 'literal') {
      const { literal } = value;
      const isBig = typeof literal === 'bigint';
      if (isBig && (literal < MIN_INTEGER || literal > MAX_INTEGER)) {
        this.#refuse(node, 'an integer has at most 64 bits');
      }
      if (typeof literal === 'number' && !Number.isFinite(literal)) {
        this.#refuse(node, 'a number must be finite');
      }
      return literal;
    }
    const found = describe(value);
    this.#refuse(
      node,
      `${found} is not a value: put strings in double quotes; values of the context begin with $`,
    );
    return false;
  }

  #readString(node: IonNode, example: string): string | undefined {
    if (node.value.kind === 'string') return node.value.text;
    this.#refuse(node, `expected a text, such as ${example}`);
    return undefined;
  }

  #readPercentage(node: IonNode): number {
    const { value } = node;
    const isNumber = value.kind === 'literal' && /number|bigint/.test(typeof value.literal);
    const percentage = isNumber ? Number(value.literal) : NaN;
    if (percentage >= 0 && percentage <= 100) return percentage;
    this.#refuse(node, 'pct takes a number from 0 to 100');
    return 0;
  }

  #readPattern(node: IonNode): (text: string) => boolean {
    const { test, problem } = compilePattern(this.#readString(node, 'pattern::"h.*y"') ?? '');
    if (problem) this.#refuse(node, problem);
    return test;
  }

  #refuseName(node: IonNode): void {
    const [name] = node.annotations;
    this.#refuse(
      node,
      name === undefined
        ? 'an operand without its name, such as by::$userId'
        : `no operand is called ${name.slice(0, MAX_SHOWN_NAME_LENGTH)}:: here`,
    );
  }

  #refuse({ position }: IonNode, message: string): Rule {
    this.mistakes.push({ message, position });
    return NEVER;
  }
}

const OPERATORS =
  'eq, ne, gt, gte, lt, lte, and, or, not, begins_with, ends_with, contains, in, matches, exists and split';

function describe(value: IonNode['value']): string {
  if (value.kind === 'symbol') return `"${value.text.slice(0, MAX_SHOWN_NAME_LENGTH)}"`;
  return value.kind === 'other' ? value.name : `a ${value.kind}`;
}
