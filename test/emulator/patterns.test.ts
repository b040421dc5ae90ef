import { describe, expect, it } from 'vitest';
import { createEmulator, InvalidConfigurationError } from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };

/** What is wrong with a flag whose attribute has a pattern and a value; undefined if nothing is. */
function refusalOf(pattern: string, value: string): string | undefined {
  const emulator = createEmulator({ multiVariantFlags });
  try {
    emulator.deploy({
      ...NAME,
      content: {
        version: '1',
        flags: { a: { attributes: { text: { constraints: { type: 'string', pattern } } } } },
        values: { a: { enabled: true, text: value } },
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return error.message;
    throw error;
  }
}

describe('the pattern of an attribute', () => {
  it.each([
    ['^[\\w-\\.]+@([\\w-]+\\.)+[\\w-]{2,4}$', 'jane.doe@example.org', 'jane doe@example.org'],
    ['^[\\w-.]+$', 'a-b.c', 'a b'],
    ['^[a-z\\d-_]+$', 'a-1_', 'A'],
    ['^[.\\w]+\\@x$', 'a.b@x', 'ax'],
    ['^a\\:b\\-c\\_d\\/e$', 'a:b-c_d/e', 'abcde'],
    ['(?i)^hello$', 'HELLO', 'bye'],
    ['^a]b}$', 'a]b}', 'ab'],
    ['^[[\\]]$', '[', 'a'],
    ['^\\u00e9+$', 'éé', 'e'],
    ['^\\é$', 'é', 'e'],
    ['^[\\u0041-\\u0043]$', 'B', 'D'],
    ['^(red|green|#[0-9a-fA-F]{6})$', '#00ff7F', '#00ff7'],
    ['^https?:\\/\\/', 'https://example.org', 'ftp://example.org'],
    ['^[^\\s-]+$', 'ab', 'a-b'],
    ['^[\\s\\S]{0,20}$', 'a\nb', 'x'.repeat(21)],
  ])('%s is read as JavaScript and Java read it', (pattern, good, bad) => {
    expect(refusalOf(pattern, good)).toBeUndefined();
    expect(refusalOf(pattern, bad)).toContain('does not match the pattern');
  });

  it.each([
    ['(', /not a regular expression: .*missing/],
    ['a**', /not a regular expression/],
    ['[z-a]', /not a regular expression: .*range/],
    ['^(?=.*[A-Z]).+$', /cannot be matched here from "\(\?=.*look-ahead/],
    ['(a)\\1', /cannot be matched here from "\\1"/],
    ['a++', /cannot be matched here from "\+\+"/],
    ['x{1000}', /not a regular expression|too complex/],
  ])('%s is refused for what is wrong with it', (pattern, message) => {
    expect(refusalOf(pattern, 'x')).toMatch(message);
  });

  it.each(['^(\\w+\\s?)+$', '(a*)*b', '(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){12}$'])(
    '%s cannot hang',
    (pattern) => {
      const startedAt = performance.now();
      refusalOf(pattern, `${'a'.repeat(1_000)}!`);
      // A backtracking engine would need years.
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    },
  );
});
