import {
  isFlagDocument,
  readFlagDocument,
  type FlagDefinition,
} from '../emulator/deployments/index.ts';
import type { JsonValue } from '../emulator/index.ts';

/** A document that is being edited. */
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** A flag, or a variant of one, as the page shows it. */
export interface EditableFlag {
  /** Where it stands in the document. */
  readonly path: readonly (string | number)[];
  readonly title: string;
  /** The flag's key. */
  readonly key: string;
  /** The rule of a variant; undefined for a flag, empty for a default. */
  readonly rule: string | undefined;
  readonly isEnabled: boolean;
  readonly attributes: readonly {
    readonly name: string;
    readonly path: EditableFlag['path'];
    readonly value: JsonValue;
  }[];
}

const RESERVED = new Set(['enabled', '_createdAt', '_updatedAt', '_variants', '_variant']);

/** The flags of a document, stored or delivered; undefined if it holds none. */
export function readFlags(document: JsonValue | undefined): readonly EditableFlag[] | undefined {
  if (!isObject(document)) return undefined;
  const isStored = isFlagDocument(document);
  const values = isStored ? document['values'] : document;
  if (!isObject(values) || !Object.values(values).every(isFlag)) return undefined;
  const base = isStored ? ['values'] : [];
  return Object.entries(values).flatMap(([key, flag]) => {
    if (!isObject(flag)) return [];
    const variants = flag['_variants'];
    if (!Array.isArray(variants)) return [readFlag(key, key, [...base, key], flag, undefined)];
    return variants.flatMap((variant: JsonValue, index) => {
      if (!isObject(variant)) return [];
      const path = [...base, key, '_variants', index];
      const title = `${key}: ${String(variant['name'])}`;
      return [readFlag(key, title, path, variant, String(variant['rule'] ?? ''))];
    });
  });
}

/** What a stored document says of its flags besides their values, as the emulator reads it. */
export function readDefinitions(
  document: JsonValue | undefined,
): ReadonlyMap<string, FlagDefinition> {
  return isFlagDocument(document) ? readFlagDocument(document, undefined).definitions : new Map();
}

function readFlag(
  key: string,
  title: string,
  path: EditableFlag['path'],
  flag: JsonObject,
  rule: string | undefined,
): EditableFlag {
  const [holder, holderPath] =
    rule === undefined ? [flag, path] : [flag['attributeValues'], [...path, 'attributeValues']];
  const attributes = Object.entries(isObject(holder) ? holder : {})
    .filter(([name]) => !RESERVED.has(name))
    .map(([name, value]) => ({ name, path: [...holderPath, name], value }));
  return { key, title, path, rule, isEnabled: flag['enabled'] === true, attributes };
}

function isFlag(value: JsonValue): boolean {
  return isObject(value) && (typeof value['enabled'] === 'boolean' || '_variants' in value);
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document with another value at a path. */
export function withValue(
  document: JsonValue,
  [key, ...rest]: EditableFlag['path'],
  value: JsonValue,
): JsonValue {
  if (key === undefined) return value;
  if (Array.isArray(document)) {
    return document.map((item: JsonValue, index) =>
      index === key ? withValue(item, rest, value) : item,
    );
  }
  if (!isObject(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, item]) => [
      name,
      name === key ? withValue(item, rest, value) : item,
    ]),
  );
}

/** Whether JSON can represent a value. */
export function isJsonValue(value: unknown): value is JsonValue {
  return value !== undefined;
}
