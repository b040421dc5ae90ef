/** The types of attributes that a default can stand in for. */
export type AttributeKind = 'string' | 'number' | 'boolean' | 'array';

const PRIMITIVES: readonly AttributeKind[] = ['string', 'number', 'boolean'];

/** The type of an attribute; undefined for a value that no attribute can have. */
export function attributeKind(value: unknown): AttributeKind | undefined {
  return Array.isArray(value) ? 'array' : PRIMITIVES.find((kind) => kind === typeof value);
}
