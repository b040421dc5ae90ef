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

/** The value of each flag for clients that send no context and evaluate no rule: its default. */
export function defaultFlags(flags: readonly VariantFlag[]): Readonly<Record<string, FlagValue>> {
  return Object.fromEntries(flags.map(({ key, variants }) => [key, variants.at(-1)?.value ?? OFF]));
}

const OFF: FlagValue = { enabled: false };
