import type { Experiments, ExperimentsOptions } from './experimentTypes.ts';
import type { ConfigurationIssue } from './invalidConfigurationError.ts';

/** What a caller says of itself, for the rules of variants: text by key. */
export type FlagContext = ReadonlyMap<string, string>;

/** A flag as it is delivered. */
export type FlagValue = Readonly<Record<string, unknown>>;

/** Whether a rule holds for a context; the flag's key seeds its splits. */
export type RuleMatcher = (context: FlagContext, flag: string) => boolean;

/** One of the values that a flag may have. */
export interface FlagVariant {
  /** Undefined for the default, which matches whenever none before it does. */
  readonly matches: RuleMatcher | undefined;
  readonly value: FlagValue;
}

/** A flag with its variants in the order of their evaluation, the default last. */
export interface VariantFlag {
  readonly key: string;
  readonly variants: readonly FlagVariant[];
}

/** A rule that was read, or what is wrong with it. */
export interface RuleReading {
  readonly matches: RuleMatcher;
  readonly issues: readonly { readonly message: string; readonly position: number }[];
}

/** Flags that were read, or what is wrong with them. */
export interface FlagsReading {
  readonly flags: readonly VariantFlag[];
  readonly issues: readonly ConfigurationIssue[];
}

/** A regular expression that is ready to be looked for, or what is wrong with it. */
export interface CompiledPattern {
  /** Whether the pattern is anywhere in a text; never for one with a problem. */
  readonly test: (text: string) => boolean;
  readonly problem: string | undefined;
}

/** Reads a regular expression. */
export type CompilePattern = (pattern: string) => CompiledPattern;

/**
 * What an emulator needs for multi-variant flags and for experiments: `multiVariantFlags` of
 * `react-appconfig/emulator/variants`. It is handed over so that an emulator without them does not carry
 * a reader of Amazon Ion and a second engine of regular expressions into a page.
 */
export interface MultiVariantFlags {
  /** Reads the rule of a variant. */
  readonly readRule: (text: string) => RuleReading;
  /** Reads a document in the form in which AWS AppConfig delivers multi-variant flags. */
  readonly readIon: (text: string) => FlagsReading;
  /** Reads the pattern of an attribute, for an engine that no pattern can hang. */
  readonly compilePattern: CompilePattern;
  /** Makes the experiments of an emulator. */
  readonly createExperiments: (options: ExperimentsOptions) => Experiments;
}

/** What each flag is for a context. */
export function evaluateFlags(
  flags: readonly VariantFlag[],
  context: FlagContext,
): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(
    flags.map(({ key, variants }) => [
      key,
      variants.find(({ matches }) => !matches || matches(context, key))?.value ?? OFF,
    ]),
  );
}

/** What each flag is for those who give no context and evaluate no rule: its default. */
export function defaultFlags(flags: readonly VariantFlag[]): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(flags.map(({ key, variants }) => [key, variants.at(-1)?.value ?? OFF]));
}

const OFF: FlagValue = { enabled: false };
