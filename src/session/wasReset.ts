const RESET = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/;

/**
 * Whether a connection was reset, by what Node's clients throw: mostly one that was kept while the process was frozen
 * between two requests, and that the other side has closed meanwhile.
 */
export function wasReset(thrown: unknown): boolean {
  return [thrown, property(thrown, 'cause')].some((each) =>
    RESET.test(`${property(each, 'code')}`),
  );
}

function property(value: unknown, key: string): unknown {
  return Reflect.get(Object(value), key);
}
