import type { MultiVariantFlags } from '../flagVariants.ts';
import { readIon } from './readIon.ts';
import { readRule } from './readRule.ts';

/**
 * Lets an emulator read and evaluate multi-variant flags: rules and Amazon Ion documents.
 *
 * @example
 * const emulator = createEmulator({ multiVariantFlags });
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-multi-variant-feature-flags.html
 */
export const multiVariantFlags: MultiVariantFlags = { readRule, readIon };
