/** Of all places, those for who comes for the first time: strangers must not push out who comes again. */
const SHARE_OF_NEW = 0.2;

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
  const maxRegulars = Math.max(1, Math.floor(max * (1 - SHARE_OF_NEW)));
  // Least recently used first.
  const regulars = new Map<string, Kept>();
  const others = new Map<string, Kept>();

  function forgetOldest(from: Map<string, Kept>): void {
    for (const [key, kept] of from) {
      from.delete(key);
      kept.dispose();
      return;
    }
  }

  return {
    get(key: string): Kept | undefined {
      const kept = regulars.get(key) ?? others.get(key);
      if (!kept) return undefined;
      regulars.delete(key);
      others.delete(key);
      (kept.isRegular ? regulars : others).set(key, kept);
      if (regulars.size > maxRegulars) forgetOldest(regulars);
      return kept;
    },
    set(key: string, kept: Kept): void {
      others.set(key, kept);
      if (regulars.size + others.size > max) forgetOldest(others.size > 1 ? others : regulars);
    },
  };
}
