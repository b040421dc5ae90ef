import type { Decoder } from './decodeContent.ts';
import { MAX_DEPTH } from './shareStructure.ts';

/**
 * For development: freezes what was decoded, because everybody who reads it is handed the same object, and one that
 * sorts a list in place would change it for all of them. What an app's own decoder has made is the app's.
 */
export function freezeDecoded(value: unknown, decoder: Decoder | undefined): void {
  if (typeof decoder !== 'function') freeze(value, MAX_DEPTH);
}

function freeze(value: unknown, depth: number): void {
  // Bytes cannot be frozen, and what is frozen already comes from the version before.
  const isOpen = typeof value === 'object' && value !== null && !Object.isFrozen(value);
  if (!isOpen || depth === 0 || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const item of Object.values(value)) freeze(item, depth - 1);
}
