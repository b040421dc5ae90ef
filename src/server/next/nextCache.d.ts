/** What this package uses of Next: the tests of its apps run with the real one. */
declare module 'next/cache.js' {
  const cache: {
    /** Marks a page as dynamic where Next renders pages beforehand as a whole. */
    readonly unstable_noStore: () => void;
    /** Waits for a request where Next renders parts of pages beforehand; since Next 16.3. */
    readonly io?: () => Promise<unknown>;
  };
  export { cache as default };
}
