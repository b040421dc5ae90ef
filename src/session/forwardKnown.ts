import type { ConfigurationSource } from './configurationSource.ts';

/** What a source that wraps another one forwards of it: its name, and what it knows and does without being asked. */
export function forwardKnown(
  source: ConfigurationSource,
): Pick<
  ConfigurationSource,
  'name' | 'hasDefaultName' | 'isPersonal' | 'initial' | 'subscribe' | 'release'
> {
  const { name, hasDefaultName, isPersonal, initial, subscribe, release } = source;
  return {
    name,
    ...(hasDefaultName && { hasDefaultName }),
    ...(isPersonal !== undefined && { isPersonal }),
    ...(initial && { initial: initial.bind(source) }),
    ...(subscribe && { subscribe: subscribe.bind(source) }),
    ...(release && { release: release.bind(source) }),
  };
}
