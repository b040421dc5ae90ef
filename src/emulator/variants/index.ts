import type { MultiVariantFlags } from '../deployments/index.ts';
import { createExperiments } from './experiments.ts';
import { compileAttributePattern } from './pattern.ts';
import { readIon } from './readIon.ts';
import { readRule } from './readRule.ts';

/**
 * Lets an emulator read and evaluate multi-variant flags, rules and Amazon Ion documents, run
 * experiments, and match the patterns of attributes with an engine that no pattern can hang.
 *
 * @example
 * const emulator = createEmulator({ multiVariantFlags });
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-multi-variant-feature-flags.html
 */
export const multiVariantFlags: MultiVariantFlags = {
  kind: 'multiVariantFlags',
  readRule,
  readIon,
  compilePattern: compileAttributePattern,
  createExperiments,
};
