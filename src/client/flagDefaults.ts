import { InvalidArgumentError } from '../errors/index.ts';
import { checkFeatureFlags, type UntypedFeatureFlags } from '../flags/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/**
 * The defaults of a profile as flags; undefined where there are none.
 *
 * @throws InvalidArgumentError if they are something else.
 */
export function readFlagDefaults(
  defaults: ReadonlyMap<string, unknown>,
  profile: string,
): UntypedFeatureFlags | undefined {
  const document = defaults.get(profile);
  try {
    return document === undefined ? undefined : checkFeatureFlags(document);
  } catch (cause) {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `defaults["${profile}"] is not a feature-flag document. Give it flags like { dark: { enabled: false } }.`,
      { profile, cause },
    );
  }
}
