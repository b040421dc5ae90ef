import { perName } from './memoize.ts';

/** The number changes with what is kept in it: copies of the package that agree on it share what they hold. */
const REGISTRY = Symbol.for('react-appconfig 1');

/**
 * One for each object, in all copies of this package, as when a component library brings the CommonJS build and
 * the app the ES modules. Nothing is kept of an object that is gone.
 */
export function onceForEach<Value>(name: string, owner: object, create: () => Value): Value {
  const registry = Object(Reflect.get(globalThis, REGISTRY) ?? {});
  Reflect.set(globalThis, REGISTRY, registry);
  const values: WeakMap<object, Value> = (registry[name] ??= new WeakMap());
  return perName(create, values)(owner);
}
