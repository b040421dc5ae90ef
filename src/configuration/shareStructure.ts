/** Deeper than any hand-written document, and shallow enough for every engine's stack. */
export const MAX_DEPTH = 500;

/**
 * Returns the next value with every part that equals the previous one's replaced by it, so that
 * `===` tells what changed. The next value is written to, which spares copies of large documents:
 * it must be fresh. Any key is data: `__proto__` is compared and kept like every other.
 */
export function shareStructure(previous: unknown, next: unknown): unknown {
  return share(previous, next, true, 0);
}

/** Whether two values have the same structure. Neither is written to. */
export function isSameStructure(previous: unknown, next: unknown): boolean {
  return Object.is(share(previous, next, false, 0), previous);
}

function share(previous: unknown, next: unknown, isFresh: boolean, depth: number): unknown {
  if (Object.is(previous, next)) return previous;
  if (depth > MAX_DEPTH || (isFresh && Object.isFrozen(next))) return next;
  if (Array.isArray(next)) {
    return Array.isArray(previous) ? shareArray(previous, next, isFresh, depth + 1) : next;
  }
  const areObjects = isPlainObject(previous) && isPlainObject(next);
  return areObjects ? shareObject(previous, next, isFresh, depth + 1) : next;
}

function shareArray(
  previous: unknown[],
  next: unknown[],
  isFresh: boolean,
  depth: number,
): unknown[] {
  let isSame = previous.length === next.length;
  // Not entries(): a list may have hundreds of thousands of items.
  for (let index = 0; index < next.length; index += 1) {
    const before = previous[index];
    const shared = share(before, next[index], isFresh, depth);
    if (!Object.is(shared, before)) isSame = false;
    if (isFresh) next[index] = shared;
  }
  return isSame ? previous : next;
}

function shareObject(
  previous: Record<string, unknown>,
  next: Record<string, unknown>,
  isFresh: boolean,
  depth: number,
): Record<string, unknown> {
  let isSame = true;
  let keys = 0;
  // Not Object.keys: a document may consist of thousands of small objects.
  for (const key in next) {
    keys += 1;
    const item = next[key];
    const isKnown = Object.hasOwn(previous, key);
    const before = isKnown ? previous[key] : undefined;
    if (isKnown && Object.is(before, item)) continue;
    const shared = share(before, item, isFresh, depth);
    if (!isKnown || !Object.is(shared, before)) isSame = false;
    // Assigning to `__proto__` would set the prototype.
    if (isFresh && key !== '__proto__') next[key] = shared;
  }
  for (const _ in previous) keys -= 1;
  return isSame && keys === 0 ? previous : next;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
