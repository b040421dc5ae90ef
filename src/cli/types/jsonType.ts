const INDENTATION = '  ';

/** The TypeScript type of a member's name, quoted where it must be. */
export function quoteKey(key: string): string {
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return key;
  return quoteText(key);
}

/** A text as a literal of TypeScript. */
export function quoteText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return `'${escaped.replaceAll(String.raw`\"`, '"').replaceAll("'", String.raw`\'`)}'`;
}

/** Types of which a value has one, each once. */
export function union(types: Iterable<string>): string {
  const distinct = [...new Set(types)];
  return distinct.length > 0 ? distinct.join(' | ') : 'unknown';
}

/** An object type, a member a line. */
export function objectType(members: readonly string[], depth: number): string {
  if (members.length === 0) return '{}';
  const indentation = INDENTATION.repeat(depth);
  const lines = members.map((member) => `${indentation}${INDENTATION}${member};\n`);
  return `{\n${lines.join('')}${indentation}}`;
}

/** The type of a list whose elements have this type. */
export function listOf(element: string): string {
  const isOneWordOrObject = /^(\w+|\{[^]*\})$/.test(element);
  return isOneWordOrObject ? `readonly ${element}[]` : `readonly (${element})[]`;
}

/** The type that all of these JSON values have. A member that some objects lack is optional. */
export function jsonType(values: readonly unknown[], depth: number): string {
  const types: string[] = [];
  const lists = values.filter((value) => Array.isArray(value));
  const objects = values.filter(isPlainObject);
  for (const value of values) {
    if (value === null) types.push('null');
    else if (typeof value !== 'object') types.push(typeof value);
  }
  if (objects.length > 0) types.push(objectType(membersOf(objects, depth), depth));
  if (lists.length > 0) types.push(listOf(jsonType(lists.flat(), depth)));
  return union(types);
}

function membersOf(objects: readonly Readonly<Record<string, unknown>>[], depth: number) {
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))].toSorted();
  return names.map((name) => {
    const having = objects.filter((object) => Object.hasOwn(object, name));
    const values = having.map((object) => object[name]);
    const mark = having.length < objects.length ? '?' : '';
    return `readonly ${quoteKey(name)}${mark}: ${jsonType(values, depth + 1)}`;
  });
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
