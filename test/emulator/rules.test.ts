import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const { readRule } = multiVariantFlags;
type Context = Readonly<Record<string, string>>;
const evaluate = (rule: string, context: Context, flag = 'flag') => {
  const { matches, issues } = readRule(rule);
  expect(issues, rule).toEqual([]);
  return matches(new Map(Object.entries(context)), flag);
};

/** A rule, a context, and whether the rule holds in it. */
type Case = readonly [rule: string, context: Context, holds: boolean];

const TEXT_EQUALITY: readonly Case[] = [
  ['(eq $state "Virginia")', { state: 'Virginia' }, true],
  ['(eq $state "Virginia")', { state: 'virginia' }, false],
  ['(eq $state "Virginia")', { state: ' Virginia' }, false],
  ['(eq $state "Virginia")', { state: '' }, false],
  ['(eq $state "")', { state: '' }, true],
  ['(eq $state "Virginia")', {}, false],
  ['(eq "Virginia" $state)', { state: 'Virginia' }, true],
  ['(eq $a $b)', { a: 'x', b: 'x' }, true],
  ['(eq $a $b)', { a: 'x', b: 'y' }, false],
  ['(eq $a $b)', { a: 'x' }, false],
  ['(eq $a $b)', {}, false],
  ['(eq "a" "a")', {}, true],
  ['(eq "a" "b")', {}, false],
  ['(ne $state "Virginia")', { state: 'Ohio' }, true],
  ['(ne $state "Virginia")', { state: 'Virginia' }, false],
  ['(ne $state "Virginia")', {}, false],
  ['(ne $a $b)', { a: '1', b: '2' }, true],
  ['(eq $quote "say \\"hi\\"")', { quote: 'say "hi"' }, true],
  ['(eq $path "a\\\\b")', { path: 'a\\b' }, true],
  ['(eq $line "a\\nb")', { line: 'a\nb' }, true],
];

const NUMBERS: readonly Case[] = [
  ['(eq $age 65)', { age: '65' }, true],
  ['(eq $age 65)', { age: '65.0' }, true],
  ['(eq $age 65)', { age: '6.5e1' }, true],
  ['(eq $age 65)', { age: '+65' }, true],
  ['(eq $age 65)', { age: '065' }, true],
  ['(eq $age 65)', { age: '66' }, false],
  ['(eq $age 65)', { age: 'old' }, false],
  ['(eq $age 65)', { age: '' }, false],
  ['(eq $age 65)', { age: ' 65' }, false],
  ['(eq $age 65)', { age: '0x41' }, false],
  ['(eq $age 65)', {}, false],
  ['(ne $age 65)', { age: '66' }, true],
  ['(ne $age 65)', { age: 'old' }, false],
  ['(gt $age 65)', { age: '66' }, true],
  ['(gt $age 65)', { age: '65' }, false],
  ['(gt $age 65)', { age: '65.5' }, true],
  ['(gt $age 65)', { age: '9' }, false],
  ['(gt $age 65)', { age: 'NaN' }, false],
  ['(gt $age 65)', { age: 'Infinity' }, false],
  ['(gt $age 65)', {}, false],
  ['(gt 65 $age)', { age: '64' }, true],
  ['(gte $age 65)', { age: '65' }, true],
  ['(gte $age 65)', { age: '64.999' }, false],
  ['(lt $age 65)', { age: '64' }, true],
  ['(lt $age 65)', { age: '65' }, false],
  ['(lt $age 65)', { age: '-1' }, true],
  ['(lt $age 65)', {}, false],
  ['(lte $age 65)', { age: '65' }, true],
  ['(lte $age 65)', { age: '65.1' }, false],
  ['(gt $temperature -7)', { temperature: '-6' }, true],
  ['(gt $temperature -7)', { temperature: '-8' }, false],
  ['(eq $ratio 3.14)', { ratio: '3.14' }, true],
  ['(eq $ratio 1.234e-5)', { ratio: '0.00001234' }, true],
  ['(lt $ratio 1.234e-5)', { ratio: '0' }, true],
  ['(gt $ratio 0.1)', { ratio: '0.2' }, true],
  ['(eq $id 9007199254740993)', { id: '9007199254740993' }, true],
  ['(eq $id 9007199254740993)', { id: '9007199254740992' }, false],
  ['(gt $id 9007199254740992)', { id: '9007199254740993' }, true],
  ['(eq $id 9223372036854775807)', { id: '9223372036854775807' }, true],
  ['(lt $id 9223372036854775807)', { id: '9'.repeat(30) }, false],
  ['(gt $id 1)', { id: '1e999' }, true],
  ['(eq 1 1.0)', {}, true],
  ['(lt 1 2)', {}, true],
];

const TRUTH: readonly Case[] = [
  ['(eq $beta true)', { beta: 'true' }, true],
  ['(eq $beta true)', { beta: 'false' }, false],
  ['(eq $beta true)', { beta: 'True' }, false],
  ['(eq $beta true)', { beta: '1' }, false],
  ['(eq $beta true)', {}, false],
  ['(eq $beta false)', { beta: 'false' }, true],
  ['(eq $beta false)', {}, false],
  ['(ne $beta true)', { beta: 'false' }, true],
  ['(ne $beta true)', { beta: 'maybe' }, false],
  ['(eq (exists key::"beta") false)', {}, true],
  ['(eq (exists key::"beta") true)', { beta: '' }, true],
  ['(eq $beta (eq 1 1))', { beta: 'true' }, true],
  ['true', {}, true],
  ['false', {}, false],
];

const TIMES: readonly Case[] = [
  ['(gt $signup 2024-01)', { signup: '2024-02' }, true],
  ['(gt $signup 2024-01)', { signup: '2024-01' }, false],
  ['(gte $signup 2024-01)', { signup: '2024-01' }, true],
  ['(gt $signup 2024-01)', { signup: '2024-01-01T00:00:01Z' }, true],
  ['(lt $signup 2024-01-15)', { signup: '2024-01-14' }, true],
  ['(lt $signup 2024-01-15)', { signup: '2023' }, true],
  ['(eq $at 2012-03-04T05:06:07-08:00)', { at: '2012-03-04T13:06:07Z' }, true],
  ['(eq $at 2012-03-04T05:06:07-08:00)', { at: '2012-03-04T05:06:07Z' }, false],
  ['(eq $at 2012-03-04T05:06Z)', { at: '2012-03-04T05:06:00.000Z' }, true],
  ['(gt $at 2012-03-04T05:06:07.250Z)', { at: '2012-03-04T05:06:07.251Z' }, true],
  ['(gt $at 2024-01)', { at: 'tomorrow' }, false],
  ['(gt $at 2024-01)', { at: '2024-13' }, false],
  ['(gt $at 2024-01)', { at: '1e30' }, false],
  ['(gt $at 2024-01)', {}, false],
  ['(eq $text "2024-01")', { text: '2024-01' }, true],
  ['(lt 2023-12 2024-01)', {}, true],
];

const LOGIC: readonly Case[] = [
  ['(and (eq $a "1") (eq $b "2"))', { a: '1', b: '2' }, true],
  ['(and (eq $a "1") (eq $b "2"))', { a: '1' }, false],
  ['(and (eq $a "1") (eq $b "2") (eq $c "3"))', { a: '1', b: '2', c: '3' }, true],
  ['(and (eq $a "1") (eq $b "2") (eq $c "3"))', { a: '1', b: '2', c: '4' }, false],
  ['(or (eq $a "1") (eq $b "2"))', { b: '2' }, true],
  ['(or (eq $a "1") (eq $b "2"))', {}, false],
  ['(or (eq $a "1") (eq $b "2") (eq $c "3"))', { c: '3' }, true],
  ['(not (eq $a "1"))', { a: '2' }, true],
  ['(not (eq $a "1"))', { a: '1' }, false],
  ['(not (eq $a "1"))', {}, true],
  ['(not (not (eq $a "1")))', { a: '1' }, true],
  ['(and true (eq $a "1"))', { a: '1' }, true],
  ['(or false (not (and (eq $a "1") (or (eq $b "1") (eq $b "2")))))', { a: '1', b: '3' }, true],
  ['(or false (not (and (eq $a "1") (or (eq $b "1") (eq $b "2")))))', { a: '1', b: '2' }, false],
  ['(and (or (eq $g "T1") (eq $g "T2")) (not (exists key::"blocked")))', { g: 'T2' }, true],
  [
    '(and (or (eq $g "T1") (eq $g "T2")) (not (exists key::"blocked")))',
    { g: 'T2', blocked: '' },
    false,
  ],
  ['  ( and\n (eq $a "1")\t(eq $b "2") ) ', { a: '1', b: '2' }, true],
  ['(and /* a comment */ (eq $a "1") (eq $b "2") // another\n)', { a: '1', b: '2' }, true],
  [`${'(not '.repeat(90)}(eq $a "1")${')'.repeat(90)}`, { a: '1' }, true],
];

const TEXT_SEARCH: readonly Case[] = [
  ['(begins_with $state "A")', { state: 'Alabama' }, true],
  ['(begins_with $state "A")', { state: 'alabama' }, false],
  ['(begins_with $state "")', { state: 'x' }, true],
  ['(begins_with $state "A")', {}, false],
  ['(ends_with $email "amazon.com")', { email: 'me@amazon.com' }, true],
  ['(ends_with $email "amazon.com")', { email: 'amazon.com.evil' }, false],
  ['(ends_with $email "amazon.com")', {}, false],
  ['(contains $promoCode "WIN")', { promoCode: 'xxWINxx' }, true],
  ['(contains $promoCode "WIN")', { promoCode: 'WI N' }, false],
  ['(contains $promoCode "")', { promoCode: '' }, true],
  ['(contains $promoCode "WIN")', {}, false],
  ['(contains $a $b)', { a: 'haystack', b: 'st' }, true],
  ['(contains $a $b)', { a: 'haystack' }, false],
  ['(contains "haystack" $b)', { b: 'hay' }, true],
  ['(contains $a "5")', { a: '1.5' }, true],
];

const LISTS: readonly Case[] = [
  ['(in $userId ["123", "456"])', { userId: '456' }, true],
  ['(in $userId ["123", "456"])', { userId: '45' }, false],
  ['(in $userId ["123", "456"])', { userId: '' }, false],
  ['(in $userId ["123", "456"])', {}, false],
  ['(in $userId [])', { userId: '1' }, false],
  ['(in $userId [123, 456])', { userId: '456' }, true],
  ['(in $userId [123, 456])', { userId: '456.0' }, true],
  ['(in $userId ["123", 456])', { userId: '456' }, true],
  ['(in $flag [true])', { flag: 'true' }, true],
  ['(in $month [2024-01, 2024-02])', { month: '2024-02' }, true],
  ['(in $month [2024-01, 2024-02])', { month: '2024-03' }, false],
  ['(in "a" ["a", "b"])', {}, true],
  ['(not (in $userId ["123"]))', { userId: '9' }, true],
];

const PATTERNS: readonly Case[] = [
  ['(matches in::$greeting pattern::"h.*y")', { greeting: 'howdy' }, true],
  ['(matches in::$greeting pattern::"h.*y")', { greeting: 'oh, hey you' }, true],
  ['(matches in::$greeting pattern::"^h.*y$")', { greeting: 'oh, hey you' }, false],
  ['(matches pattern::"h.*y" in::$greeting)', { greeting: 'howdy' }, true],
  ['(matches in::$greeting pattern::"h.*y")', { greeting: 'hello' }, false],
  ['(matches in::$greeting pattern::"h.*y")', {}, false],
  ['(matches in::$greeting pattern::"(?i)HELLO")', { greeting: 'hello' }, true],
  [
    '(matches in::$email pattern::"@(qa|test)\\\\.example\\\\.org$")',
    { email: 'a@qa.example.org' },
    true,
  ],
  [
    '(matches in::$email pattern::"@(qa|test)\\\\.example\\\\.org$")',
    { email: 'a@qa-example.org' },
    false,
  ],
  ['(matches in::$n pattern::"^\\\\d{3}$")', { n: '123' }, true],
  ['(matches in::$n pattern::"")', { n: 'anything' }, true],
  ['(matches in::"constant" pattern::"const")', {}, true],
  ['(matches in::$n pattern::"^(a+)+$")', { n: `${'a'.repeat(5_000)}b` }, false],
];

const PRESENCE: readonly Case[] = [
  ['(exists key::"country")', { country: 'NZ' }, true],
  ['(exists key::"country")', { country: '' }, true],
  ['(exists key::"country")', { Country: 'NZ' }, false],
  ['(exists key::"country")', {}, false],
  ['(exists key::"toString")', {}, false],
  ['(exists key::"__proto__")', {}, false],
  ['(eq $constructor "x")', {}, false],
  ['(eq $constructor "x")', { constructor: 'x' }, true],
];

const UNICODE: readonly Case[] = [
  ['(eq $town "Zürich")', { town: 'Zürich' }, true],
  ['(eq $town "Z\\u00fcrich")', { town: 'Zürich' }, true],
  ['(eq $town "Ḽơᶉëᶆ ȋṕšᶙṁ")', { town: 'Ḽơᶉëᶆ ȋṕšᶙṁ' }, true],
  ['(contains $mood "🎉")', { mood: 'yay 🎉🎉' }, true],
  ['(begins_with $town "東")', { town: '東京' }, true],
  ['(matches in::$mood pattern::"^.$")', { mood: '🎉' }, true],
  ['(in $town ["東京", "大阪"])', { town: '大阪' }, true],
  [`(eq '$straße' "a")`, { straße: 'a' }, true],
  [`(eq '$user-id' "a")`, { 'user-id': 'a' }, true],
  [`(eq '$1' "a")`, { '1': 'a' }, true],
  ['(exists key::"straße")', { straße: '' }, true],
  ['(eq $town "e\\u0301")', { town: '\u00e9' }, false],
];

const ORDERED_TEXT: readonly Case[] = [
  ['(gt $version "1.2")', { version: '1.3' }, true],
  ['(gt $version "1.2")', { version: '1.10' }, false],
  ['(lt $name "b")', { name: 'a' }, true],
  ['(lte $name "b")', { name: 'b' }, true],
  ['(gte $name "b")', { name: 'a' }, false],
  ['(gt $a $b)', { a: '2', b: '1' }, true],
  ['(eq "1" 1)', {}, false],
  ['(gt "b" 1)', {}, false],
  ['(eq 2024-01 "2024-01")', {}, false],
];

const SPLITS: readonly Case[] = [
  ['(split pct::100 by::$userId)', { userId: 'anyone' }, true],
  ['(split pct::0 by::$userId)', { userId: 'anyone' }, false],
  ['(split pct::100 by::$userId)', {}, false],
  ['(split pct::100 by::$userId seed::"s")', {}, false],
  ['(split by::$userId seed::"s" pct::100)', { userId: '' }, true],
  ['(split pct::100.0 by::$userId)', { userId: 'x' }, true],
  ['(split pct::100 by::"constant")', {}, true],
  ['(not (split pct::100 by::$userId))', {}, true],
];

const ALL = [
  ...TEXT_EQUALITY,
  ...NUMBERS,
  ...TRUTH,
  ...TIMES,
  ...LOGIC,
  ...TEXT_SEARCH,
  ...LISTS,
  ...PATTERNS,
  ...PRESENCE,
  ...UNICODE,
  ...ORDERED_TEXT,
  ...SPLITS,
];

describe('a rule', () => {
  it.each(ALL)('%s with %j is %s', (rule, context, holds) => {
    expect(evaluate(rule, context)).toBe(holds);
  });

  it.each([
    ['', 0, /must not be empty/],
    ['   ', 0, /must not be empty/],
    ['(eq $a "x"', 10, /Expected closing/],
    ['(eq $a "x', 9, /string/],
    ['(eq $a "x") (eq $b "y")', 12, /one expression/],
    ['$a', 0, /\(eq \$a "value"\)/],
    ['"text"', 0, /expected an expression/],
    ['()', 0, /begins with its operator/],
    ['((eq $a "x"))', 0, /begins with its operator/],
    ['(equals $a "x")', 1, /no operator is called "equals"/],
    ['(EQ $a "x")', 1, /no operator is called "EQ"/],
    ['(toString $a)', 1, /no operator is called "toString"/],
    ['(eq $a)', 1, /two operands/],
    ['(eq $a "x" "y")', 1, /two operands/],
    ['(eq $user-id "x")', 1, /single quotes/],
    ['(eq $1 "x")', 4, /single quotes/],
    ['(eq state "x")', 4, /values of the context begin with \$/],
    ['(eq $a null)', 7, /null is not a value/],
    ['(eq $a ["x"])', 7, /a list is not a value/],
    ['(eq $a 9223372036854775808)', 7, /64 bits/],
    ['(eq $a nan)', 7, /finite/],
    ['(eq in::$a "x")', 4, /no operand is called in::/],
    ['(gt $a true)', 1, /does not order/],
    ['(and)', 1, /one or more/],
    ['(or)', 1, /one or more/],
    ['(and $a (eq $b "x"))', 5, /true or false/],
    ['(not)', 1, /one expression/],
    ['(not (eq $a "x") (eq $b "x"))', 1, /one expression/],
    ['(begins_with $a 5)', 16, /expected a text/],
    ['(in $a "x")', 7, /a list/],
    ['(in $a ["x", y])', 13, /"y" is not a value/],
    ['(matches $a "x")', 9, /without its name/],
    ['(matches in::$a)', 1, /needs pattern::/],
    ['(matches in::$a pattern::5)', 16, /expected a text/],
    ['(matches in::$a pattern::"(")', 16, /missing closing \)/],
    ['(matches in::$a pattern::"(?=x)")', 16, /not a regular expression/],
    [`(matches in::$a pattern::"${'x'.repeat(513)}")`, 16, /512 characters/],
    ['(matches in::$a pattern::"((a{0,30}){0,30})$")', 16, /too complex/],
    ['(exists key::$a)', 8, /expected a text/],
    ['(exists "a")', 8, /without its name/],
    ['(split pct::10)', 1, /needs by::/],
    ['(split pct::101 by::$a)', 7, /from 0 to 100/],
    ['(split pct::-1 by::$a)', 7, /from 0 to 100/],
    ['(split pct::"10" by::$a)', 7, /from 0 to 100/],
    ['(split pct::true by::$a)', 7, /from 0 to 100/],
    ['(split pct::10 pct::20 by::$a)', 15, /given twice/],
    ['(split pct::10 by::$a seed::5)', 22, /expected a text/],
    ['(split pct::10 by::$1)', 15, /single quotes/],
    ['(split pct::10 by:: $1)', 15, /single quotes/],
    ['(split pct::10 by::$a of::"b")', 22, /no operand is called of::/],
    [`${'('.repeat(200)}`, 101, /100 levels/],
    ['x'.repeat(16_385), 16_384, /16384 characters/],
  ])('%s is a mistake at character %i', (rule, position, message) => {
    const { matches, issues } = readRule(rule);
    expect(issues).toContainEqual({ message: expect.stringMatching(message), position });
    expect(matches(new Map([['a', 'x']]), 'flag')).toBe(false);
  });

  it('reports every mistake at the place where it was written', () => {
    const { issues } = readRule('(or (gt $when 2024-01) (foo) (split pct::900 by::$a) (bar))');
    expect(issues.map(({ position }) => position)).toEqual([24, 36, 54]);
  });

  it('evaluates whatever it reads, and reads or refuses whatever it is given', () => {
    const operand = fc.oneof(
      fc.constantFrom('$a', '$b', '"x"', '"5"', '$a', '$b', '"x"'),
      fc.string().map((text) => JSON.stringify(text)),
    );
    const anything = fc.oneof(
      operand,
      fc.constantFrom('5', 'true', '2024-01', 'null', '[1, "x"]', 'pct::10', 'key::"a"', '(b)'),
    );
    const { rule: wellFormed } = fc.letrec<{ rule: string }>((tie) => ({
      rule: fc.oneof(
        { maxDepth: 5 },
        fc
          .tuple(fc.constantFrom('eq', 'gt', 'ends_with', 'contains'), operand, operand)
          .map(([name, a, b]) => `(${name} ${a} ${b})`),
        fc.array(operand).map((list) => `(in $a [${list.filter((o) => !o.startsWith('$'))}])`),
        operand.map((by) => `(split by::${by} pct::${by.length % 101})`),
        fc
          .tuple(fc.constantFrom('and', 'or'), tie('rule'), tie('rule'))
          .map(([name, a, b]) => `(${name} ${a} ${b})`),
        tie('rule').map((rule) => `(not ${rule})`),
      ),
    }));
    const illFormed = fc
      .tuple(
        fc.constantFrom('eq', 'lte', 'and', 'not', 'in', 'matches', 'exists', 'split', 'other'),
        fc.array(fc.oneof(anything, wellFormed), { maxLength: 4 }),
      )
      .map(([name, parts]) => `(${[name, ...parts].join(' ')})`);
    const text = fc.oneof(wellFormed, illFormed, fc.string({ unit: 'binary' }), fc.string());
    const context = fc.dictionary(fc.constantFrom('a', 'b'), fc.string({ unit: 'binary' }));
    let read = 0;
    fc.assert(
      fc.property(text, context, (rule, values) => {
        const { matches, issues } = readRule(rule);
        const holds = matches(new Map(Object.entries(values)), 'flag');
        expect(typeof holds).toBe('boolean');
        if (issues.length === 0) read += 1;
        for (const { position } of issues) {
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(rule.length);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(500);
  });
});

describe('split', () => {
  const USERS = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
  const shareOf = (rule: string, flag = 'flag') => {
    const { matches } = readRule(rule);
    const isIn = (userId: string) => matches(new Map([['userId', userId]]), flag);
    return (100 * USERS.filter(isIn).length) / USERS.length;
  };

  it.each([
    [1, 'seed::"2025.01.01"'],
    [10, 'seed::"abc"'],
    [25, ''],
    [33.333, 'seed::"long seed with spaces"'],
    [50, ''],
    [50, 'seed::"x"'],
    [90, 'seed::"ü"'],
    [99.9, ''],
  ])('takes %f percent of 100,000 users, within one, %s', (percentage, seed) => {
    const share = shareOf(`(split pct::${percentage} by::$userId ${seed})`);
    expect(Math.abs(share - percentage)).toBeLessThan(1);
  });

  it('nests: those in 20 percent are in 25 percent, too, as AWS documents', () => {
    const small = readRule('(split pct::20 by::$userId seed::"s")').matches;
    const large = readRule('(split pct::25 by::$userId seed::"s")').matches;
    const contexts = USERS.slice(0, 10_000).map((userId) => new Map([['userId', userId]]));
    const inSmall = contexts.filter((context) => small(context, 'flag'));
    expect(inSmall.every((context) => large(context, 'flag'))).toBe(true);
    const onlyInLarge = contexts.filter((c) => large(c, 'flag') && !small(c, 'flag'));
    expect(onlyInLarge.length / contexts.length).toBeCloseTo(0.05, 1);
  });

  it('splits the same across flags with a seed, and differently per flag without one', () => {
    const seeded = readRule('(split pct::50 by::$userId seed::"s")').matches;
    const bare = readRule('(split pct::50 by::$userId)').matches;
    const contexts = USERS.slice(0, 10_000).map((userId) => new Map([['userId', userId]]));
    expect(contexts.every((c) => seeded(c, 'one') === seeded(c, 'two'))).toBe(true);
    const alike = contexts.filter((c) => bare(c, 'one') === bare(c, 'two')).length;
    expect(alike / contexts.length).toBeGreaterThan(0.4);
    expect(alike / contexts.length).toBeLessThan(0.6);
  });
});
