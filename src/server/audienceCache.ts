/** Beside those who come again there is this much room for who comes for the first time, as a share of theirs. */
const SHARE_OF_NEW = 0.02;
/** How long the keys may be on average: they hold what strangers have sent. */
const CHARACTERS_EACH = 500;

/** What is kept for one audience. */
export interface KeptForAudience {
  /** Whether it has come in more than one poll interval. */
  readonly isRegular: boolean;
  readonly dispose: () => void;
}

/**
 * A bounded number of audiences. Who was seen in two intervals gives way to others like it alone, the least recently
 * used first: a burst of random entities pushes out nobody but its own kind.
 */
export function createAudienceCache<Kept extends KeptForAudience>(max: number) {
  const leastForNew = Math.ceil(max * SHARE_OF_NEW);
  // Least recently used first.
  const regulars = new Map<string, Kept>();
  const newcomers = new Map<string, Kept>();
  let characters = 0;

  function shrink(from: Map<string, Kept>, size: number): void {
    for (const [key, oldest] of from) {
      if (from.size <= size && characters <= max * CHARACTERS_EACH) return;
      from.delete(key);
      characters -= key.length;
      oldest.dispose();
    }
  }

  return {
    get(key: string): Kept | undefined {
      const kept = regulars.get(key) ?? newcomers.get(key);
      if (!kept) return undefined;
      regulars.delete(key);
      newcomers.delete(key);
      (kept.isRegular ? regulars : newcomers).set(key, kept);
      shrink(regulars, max);
      return kept;
    },
    set(key: string, kept: Kept): void {
      newcomers.set(key, kept);
      characters += key.length;
      shrink(newcomers, Math.max(max - regulars.size, leastForNew));
      shrink(regulars, max);
    },
  };
}
