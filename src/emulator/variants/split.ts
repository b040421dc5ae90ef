/**
 * Whether a value belongs to the first `percentage` of a stable, even distribution: FNV-1a of 32
 * bits over the UTF-8 bytes of the value and the seed, in 100,000 steps. AWS does not publish its
 * hash, so the share is the same as there, but not who is in it.
 *
 * @param percentage 0 to 100
 */
export function isInSplit(value: string, seed: string, percentage: number): boolean {
  return (fnv1a(value + seed) % 100_000) / 1_000 < percentage;
}

/** @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
