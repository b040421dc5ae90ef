import { RE2JS } from 're2js';
import type { CompiledPattern } from '../deployments/index.ts';

const MAX_PATTERN_LENGTH = 512;
/** Counted repetition makes a short pattern a large one. */
const MAX_INSTRUCTIONS = 512;
/** What can only be matched by going back and forth. */
const BACKTRACKING = /^\(\?(?:[=!>]|<[=!])|^\\(?:[1-9]|k<)|^[*+?}]\+/;
/** An escape, a class with its escapes, or any other sign. */
const PART = /\\(?:u[\dA-Fa-f]{4}|[^])|\[(?:\\[^]|[^\]\\])*\]|[^]/g;

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
  return compile(pattern);
}

/**
 * The same for the patterns of attributes, in the dialects that people write for JavaScript and Java and
 * that AWS AppConfig takes: `[\w-\.]`, `\@`, `\_`, `\u00e9`.
 */
export function compileAttributePattern(pattern: string): CompiledPattern {
  const rest = findBacktracking(pattern);
  return rest === undefined
    ? compile(toRe2(pattern))
    : refuse(
        `cannot be matched here from "${rest.slice(0, 20)}" on: look-ahead, look-behind, back-references and possessive repetition can hang. AWS AppConfig may take it; say it without them`,
      );
}

function compile(pattern: string): CompiledPattern {
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

function findBacktracking(pattern: string): string | undefined {
  for (const { 0: part, index } of pattern.matchAll(PART)) {
    const rest = pattern.slice(index);
    if (!part.startsWith('[') && BACKTRACKING.test(rest)) return rest;
  }
  return undefined;
}

function toRe2(pattern: string): string {
  return pattern.replace(PART, (part) => {
    if (part.startsWith('[') && part.length > 1) return toRe2Class(part);
    return part.startsWith('\\') ? toRe2Escape(part) : part;
  });
}

/** In a class of JavaScript, a hyphen beside `\w` stands for itself. */
function toRe2Class(part: string): string {
  const members = part
    .replaceAll(/\\(?:u[\dA-Fa-f]{4}|[^])/g, (escape) => toRe2Escape(escape))
    .replaceAll(/(\\[wdsWDS])-(?!\])/g, '$1\\-')
    .replaceAll(/(?<!^\[\^?|\\)-(?=\\[wdsWDS])/g, '\\-');
  // An opening bracket stands for itself, too.
  return `${members[0]}${members.slice(1).replaceAll(/(?<!\\)\[(?!:)/g, '\\[')}`;
}

function toRe2Escape(escape: string): string {
  if (/^\\u[\dA-Fa-f]{4}$/.test(escape)) return `\\x{${escape.slice(2)}}`;
  if (escape === '\\/' || escape === '\\_') return escape.slice(1);
  // Signs beyond ASCII need no escape, and RE2 takes none.
  return /^\\[^\x20-\x7e]/.test(escape) ? escape.slice(1) : escape;
}
