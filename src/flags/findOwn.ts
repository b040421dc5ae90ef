/** What a record has under a name. Own properties only, so that `__proto__` is an ordinary name. */
export function findOwn<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}
