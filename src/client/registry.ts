/** The number changes with what is kept in it: copies of the package that agree on it share what they hold. */
const REGISTRY = Symbol.for('react-appconfig 1');

/**
 * Something of which there is one for all copies of this package, as when a component library brings the
 * CommonJS build and the app the ES modules.
 */
export function onceForAll<Value>(name: string, create: () => Value): Value {
  let registry: Map<string, Value> | undefined = Reflect.get(globalThis, REGISTRY);
  if (!registry) {
    registry = new Map();
    Reflect.set(globalThis, REGISTRY, registry);
  }
  let value = registry.get(name);
  if (value === undefined) {
    value = create();
    registry.set(name, value);
  }
  return value;
}

/** One for each object, in all copies of this package; nothing is kept of an object that is gone. */
export function onceForEach<Value>(name: string, owner: object, create: () => Value): Value {
  const values = onceForAll(name, () => new WeakMap<object, Value>());
  let value = values.get(owner);
  if (value === undefined) {
    value = create();
    values.set(owner, value);
  }
  return value;
}
