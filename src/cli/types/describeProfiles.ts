import { flagsType } from './flagsType.ts';
import { jsonType, objectType, quoteKey, quoteText, union } from './jsonType.ts';
import type { Profiles, Sample } from './readProfiles.ts';

/** As TypeScript imports it. */
const PACKAGE = `'react-appconfig'`;

/** A module that registers the types of profiles with the hooks. */
export function describeProfiles(profiles: Profiles): string {
  const names = [...profiles.keys()].toSorted();
  const members = names.map(
    (name) => `${quoteKey(name)}: ${profileType(profiles.get(name) ?? [], 3)}`,
  );
  const register = [`profiles: ${objectType(members, 2)}`];
  const ofFlags = names.filter((name) => profiles.get(name)?.some(({ kind }) => kind === 'flags'));
  const [only = 'flags', second] = ofFlags;
  // Hooks that name no profile read the one that is called `flags`.
  if (only !== 'flags' && second === undefined) register.push(`flags: ${quoteText(only)}`);
  const deprecated = names.flatMap((name) => {
    const keys = deprecatedFlags(profiles.get(name) ?? []);
    return keys.length > 0 ? [`${quoteKey(name)}: ${union(keys.map(quoteText))}`] : [];
  });
  if (deprecated.length > 0) register.push(`deprecatedFlags: ${objectType(deprecated, 2)}`);
  const body = objectType(register, 1);
  const used = ['AttributeValue', 'FeatureFlags'].filter((type) =>
    new RegExp(`\\b${type}\\b`).test(body),
  );
  return `// Written by \`react-appconfig types\`. Changes are lost when it runs again.
import type { ${used.join(', ')} } from ${PACKAGE};

declare module ${PACKAGE} {
  interface Register ${body}
}
`.replace('{  }', '{}');
}

function profileType(samples: readonly Sample[], depth: number): string {
  const flags = samples.filter((sample) => sample.kind === 'flags');
  const values = samples.flatMap((sample) => (sample.kind === 'value' ? [sample.value] : []));
  const types = samples.flatMap(({ kind }) => {
    if (kind === 'text') return ['string'];
    if (kind === 'bytes') return ['Uint8Array'];
    return kind === 'unknown' ? ['unknown'] : [];
  });
  if (flags.length > 0) types.push(flagsType(flags, depth));
  if (values.length > 0) types.push(jsonType(values, depth));
  return union(types);
}

function deprecatedFlags(samples: readonly Sample[]): readonly string[] {
  const keys = samples.flatMap((sample) =>
    sample.kind === 'flags'
      ? [...sample.definitions].flatMap(([key, { isDeprecated }]) => (isDeprecated ? [key] : []))
      : [],
  );
  return [...new Set(keys)].toSorted();
}
