import type { FlagKey, FlagOf, DefaultFlagsProfileName } from '../client/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import type { UntypedFlag } from '../flags/index.ts';
import { combinePairs } from './combinePairs.ts';
import type { TestFlags } from './createTestAppConfig.ts';

/** The values that each flag may have. */
export type FlagValues = {
  readonly [Key in FlagKey<DefaultFlagsProfileName>]?: readonly (
    boolean | FlagOf<DefaultFlagsProfileName, Key>
  )[];
};

/** One combination of flags. */
export interface FlagCase {
  /** The flags in words, for the name of a test or a story. */
  readonly name: string;
  readonly flags: TestFlags;
}

/**
 * A few combinations of flags in which each pair of values of any two flags occurs: 20 switches make about ten cases
 * instead of a million. Most faults that depend on flags depend on one or two of them.
 *
 * @param values what each flag may be, or the names of flags that are on or off
 *
 * @throws InvalidArgumentError for a flag without values.
 *
 * @example
 * test.each(flagMatrix({ 'dark-mode': [true, false], checkout: [{ enabled: true, maxItems: 1 }, false] }))(
 *   'the page renders with $name',
 *   ({ flags }) => render(<AppConfigTestProvider flags={flags}><Page /></AppConfigTestProvider>),
 * );
 */
export function flagMatrix(
  values: FlagValues | readonly FlagKey<DefaultFlagsProfileName>[],
): readonly FlagCase[] {
  const factors: Readonly<Record<string, readonly (boolean | UntypedFlag)[] | undefined>> =
    isListOfNames(values) ? Object.fromEntries(values.map((key) => [key, [true, false]])) : values;
  const keys = Object.keys(factors);
  const lists = keys.map((key) => {
    const list = factors[key];
    if (Array.isArray(list) && list.length > 0) return list;
    throw new InvalidArgumentError(
      `flagMatrix needs the values of "${key}" as a list, such as [true, false].`,
    );
  });
  return combinePairs(lists).map((row) => ({
    name: keys.map((key, index) => `${key}: ${describe(row[index])}`).join(', '),
    flags: Object.fromEntries(keys.map((key, index) => [key, row[index] ?? false])),
  }));
}

function isListOfNames(values: FlagValues | readonly string[]): values is readonly string[] {
  return Array.isArray(values);
}

/** Short, because runners of tests cut long names. */
function describe(value: boolean | UntypedFlag | undefined): string {
  if (typeof value !== 'object') return value ? 'on' : 'off';
  const attributes = Object.entries(value)
    .filter(([name]) => name !== 'enabled')
    .map(([name, attribute]) => `${name}=${JSON.stringify(attribute)}`);
  return [describe(value.enabled), ...attributes].join(' ');
}
