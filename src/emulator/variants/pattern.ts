import { RE2JS } from 're2js';

const MAX_PATTERN_LENGTH = 512;
/** Counted repetition makes a short pattern a large one. */
const MAX_INSTRUCTIONS = 512;

/** A pattern that is ready to be looked for, or what is wrong with it. */
export interface CompiledPattern {
  /** Whether the pattern is anywhere in a text; never for one with a problem. */
  readonly test: (text: string) => boolean;
  readonly problem: string | undefined;
}

/**
 * Reads a regular expression with RE2, which takes a time that grows with the text, whatever the
 * pattern: the engines of JavaScript can hang.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return refuse(`a pattern has at most ${MAX_PATTERN_LENGTH} characters`);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    return compiled.programSize() > MAX_INSTRUCTIONS
      ? refuse('the pattern is too complex: repeat less often')
      : { test: (text) => compiled.test(text), problem: undefined };
  } catch (error) {
    return refuse(`not a regular expression: ${error instanceof Error ? error.message : error}`);
  }
}

function refuse(problem: string): CompiledPattern {
  return { test: () => false, problem };
}
