/** Keeps a platform that freezes between requests awake until a promise has settled. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** The argument of a platform that has a `waitUntil`. */
export function findWaitUntil(platform: readonly unknown[]): { waitUntil: WaitUntil } | undefined {
  return platform.find(hasWaitUntil);
}

function hasWaitUntil(value: unknown): value is { readonly waitUntil: WaitUntil } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'waitUntil' in value &&
    typeof value.waitUntil === 'function'
  );
}
