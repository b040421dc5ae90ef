import type { Experiments, ExperimentsOptions } from './experimentTypes.ts';
import type { CompilePattern, FlagsReading, RuleReading } from './flagVariants.ts';

/**
 * What an emulator needs for multi-variant flags and for experiments: `multiVariantFlags` of
 * `react-appconfig/emulator/variants`. It is handed over so that an emulator without them does not carry
 * a reader of Amazon Ion and a second engine of regular expressions into a page.
 */
export interface MultiVariantFlags {
  /** What else it has is between the two entries, and may be another thing in each version. */
  readonly kind: 'multiVariantFlags';
  /** Reads the rule of a variant. @internal */
  readonly readRule: (text: string) => RuleReading;
  /** Reads a document in the form in which AWS AppConfig delivers multi-variant flags. @internal */
  readonly readIon: (text: string) => FlagsReading;
  /** Reads the pattern of an attribute, for an engine that no pattern can hang. @internal */
  readonly compilePattern: CompilePattern;
  /** Makes the experiments of an emulator. @internal */
  readonly createExperiments: (options: ExperimentsOptions) => Experiments;
}
