/** Deeper than any hand-written document, and shallow enough for every engine's stack. */
const DEEPEST = 500;

/**
 * Returns the next value with every part that equals the previous one's replaced by it, so that
 * `===` tells what changed. Neither value is written to. Any key is data: `__proto__` is compared
 * and kept like every other.
 */
export function shareStructure(previous: unknown, next: unknown): unknown {
  return share(previous, next, 0);
}

function share(previous: unknown, next: unknown, depth: number): unknown {
  if (Object.is(previous, next)) return previous;
  if (depth > DEEPEST) return next;
  if (Array.isArray(previous) && Array.isArray(next)) return shareArray(previous, next, depth + 1);
  if (isPlainObject(previous) && isPlainObject(next)) return shareObject(previous, next, depth + 1);
  return next;
}

function shareArray(previous: unknown[], next: unknown[], depth: number): unknown[] {
  const shared = next.map((item, index) => share(previous[index], item, depth));
  const isSame =
    shared.length === previous.length &&
    shared.every((item, index) => Object.is(item, previous[index]));
  return isSame ? previous : shared;
}

function shareObject(
  previous: Record<string, unknown>,
  next: Record<string, unknown>,
  depth: number,
): Record<string, unknown> {
  let isSame = true;
  let result = next;
  // Not Object.keys: a document may consist of thousands of small objects.
  for (const key in next) {
    if (!Object.hasOwn(next, key)) continue;
    if (!Object.hasOwn(previous, key)) {
      isSame = false;
      continue;
    }
    const before = previous[key];
    const after = next[key];
    if (before === after) continue;
    const value = share(before, after, depth);
    if (!Object.is(value, after)) {
      if (result === next) result = { ...next };
      // Assigning to `__proto__` would set the prototype.
      if (key === '__proto__') Object.defineProperty(result, key, { value });
      else result[key] = value;
    }
    if (!Object.is(value, before)) isSame = false;
  }
  return isSame && Object.keys(previous).length === Object.keys(next).length ? previous : result;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
