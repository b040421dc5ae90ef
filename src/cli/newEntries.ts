/**
 * What has been added to a list since the last look, in the order in which it was added.
 *
 * @param read the newest entries, the newest last
 */
export function createNewEntries<Entry>(read: () => readonly Entry[]): () => readonly Entry[] {
  let last = read().at(-1);
  return () => {
    const entries = read();
    const added = last === undefined ? entries : entries.slice(entries.lastIndexOf(last) + 1);
    last = entries.at(-1);
    return added;
  };
}
