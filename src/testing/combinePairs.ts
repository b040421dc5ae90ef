/** A value of one list beside a value of another. */
type Pair = readonly [list: number, value: number, other: number, otherValue: number];

/**
 * A few rows, with one value of each list, in which each pair of values of any two lists occurs. Greedy: each row
 * begins with a missing pair, and takes from each list what covers the most missing pairs. Always the same rows.
 *
 * @see https://www.pairwise.org for what this is good for, and for how few rows are enough
 */
export function combinePairs<Value>(
  lists: readonly (readonly Value[])[],
): readonly (readonly Value[])[] {
  const [only = []] = lists;
  if (lists.length < 2) return only.map((value) => [value]);
  const missing = new Map(allPairs(lists).map((pair) => [pair.join(), pair]));
  const isMissing = (list: number, value: number, other: number, otherValue: number) =>
    missing.has(
      (list < other ? [list, value, other, otherValue] : [other, otherValue, list, value]).join(),
    );
  /** How many missing pairs a value covers with the row so far; then, with all values that may follow. */
  const gainOf = (row: ReadonlyMap<number, number>, at: number, value: number) => {
    const now = [...row].filter(([list, its]) => isMissing(at, value, list, its)).length;
    const later = lists.flatMap((values, list) =>
      list === at ? [] : values.filter((_, its) => isMissing(at, value, list, its)),
    ).length;
    return [now, later] as const;
  };
  const rows: (readonly Value[])[] = [];
  for (let next = missing.values().next().value; next; next = missing.values().next().value) {
    const [first, firstValue, second, secondValue] = next;
    const row = new Map([
      [first, firstValue],
      [second, secondValue],
    ]);
    for (const [at, values] of lists.entries()) {
      if (row.has(at)) continue;
      const [best = { value: 0 }] = Array.from(values.keys(), (value) => ({
        value,
        gain: gainOf(row, at, value),
      })).toSorted((a, b) => b.gain[0] - a.gain[0] || b.gain[1] - a.gain[1]);
      row.set(at, best.value);
    }
    for (const [a, x] of row) for (const [b, y] of row) missing.delete([a, x, b, y].join());
    rows.push(lists.flatMap((values, at) => values.slice(row.get(at), (row.get(at) ?? 0) + 1)));
  }
  return rows;
}

function allPairs(lists: readonly (readonly unknown[])[]): readonly Pair[] {
  return lists.flatMap((values, list) =>
    lists.flatMap((others, other) =>
      other <= list
        ? []
        : Array.from(values.keys()).flatMap((value) =>
            Array.from(others.keys(), (otherValue): Pair => [list, value, other, otherValue]),
          ),
    ),
  );
}
