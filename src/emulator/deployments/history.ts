/** The newest of many entries. Adding one costs the same however many are kept. */
export class History<Entry> {
  readonly #length: number;
  readonly #entries: Entry[] = [];
  #list: readonly Entry[] | undefined;

  constructor(length: number) {
    this.#length = length;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > 2 * this.#length) this.#entries.splice(0, this.#length);
    this.#list = undefined;
  }

  /** The same list until something is added. */
  get list(): readonly Entry[] {
    this.#list ??= this.#length > 0 ? this.#entries.slice(-this.#length) : [];
    return this.#list;
  }
}
