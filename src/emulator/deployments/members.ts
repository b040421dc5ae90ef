import { InvalidArgumentError } from '../../errors/index.ts';
import { isObject } from './json.ts';

/** What a number must be. */
interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/**
 * The members of an object from outside, each read as the type that it must have. Anything else
 * is an InvalidArgumentError with the member's name, so no mistake goes unnoticed.
 */
export class Members {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #known = new Set<string>();
  readonly #path: string;

  /** @param path what the object is called, where it is a member itself. */
  constructor(value: unknown, path = '') {
    if (!isObject(value)) throw new InvalidArgumentError(`"${path}" must be an object.`);
    // Own members alone: no name reaches a prototype.
    this.#values = new Map(Object.entries(value));
    this.#path = path && `${path}.`;
  }

  /** A member as it is. */
  value(name: string): unknown {
    this.#known.add(name);
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  text(name: string, { min = 1, max = Infinity } = {}): string {
    const value = this.value(name);
    if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
    throw this.refuse(
      name,
      max === Infinity ? 'must be a text' : `must be a text of ${min} to ${max} characters`,
    );
  }

  number(name: string, { min, max, isWhole = false }: NumberLimits): number {
    const value = this.value(name);
    const isNumber = typeof value === 'number' && value >= min && value <= max;
    if (isNumber && (!isWhole || Number.isInteger(value))) return value;
    throw this.refuse(name, `must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}`);
  }

  boolean(name: string): boolean {
    const value = this.value(name);
    if (typeof value === 'boolean') return value;
    throw this.refuse(name, 'must be true or false');
  }

  oneOf<const Choice extends string | number>(name: string, choices: readonly Choice[]): Choice {
    const value = this.value(name);
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw this.refuse(name, `must be one of ${choices.join(', ')}`);
  }

  /** An object whose members have names that somebody chose. */
  plainObject(name: string): Readonly<Record<string, unknown>> {
    const value = this.value(name);
    if (isObject(value)) return value;
    throw this.refuse(name, 'must be an object');
  }

  object(name: string): Members {
    return new Members(this.value(name), this.#path + name);
  }

  list(name: string, { min, max }: NumberLimits): readonly Members[] {
    const value = this.value(name);
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw this.refuse(name, `must be a list of ${min} to ${max} members`);
    }
    return value.map((item, index) => new Members(item, `${this.#path}${name}[${index}]`));
  }

  /** What `read` makes of a member; undefined where it is left out. */
  optional<Value>(name: string, read: (name: string) => Value): Value | undefined {
    return this.has(name) ? read(name) : undefined;
  }

  /** @throws InvalidArgumentError for a member that was not asked for: it may be misspelt. */
  assertNoOthers(): void {
    for (const name of this.#values.keys()) {
      if (this.#known.has(name)) continue;
      const known = [...this.#known].join(', ');
      throw this.refuse(name.slice(0, 99), `is unknown here. Known are ${known}`);
    }
  }

  /** What to throw for a member. */
  refuse(name: string, problem: string): InvalidArgumentError {
    return new InvalidArgumentError(`"${this.#path}${name}" ${problem}.`);
  }
}
