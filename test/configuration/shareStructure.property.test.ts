import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameStructure, shareStructure } from '../../src/configuration/index.ts';

const json = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(text));

describe('shareStructure', () => {
  it('returns what equals the next value, and leaves the previous one alone', () => {
    fc.assert(
      fc.property(json, json, (previous, next) => {
        const [before, after] = [JSON.stringify(previous), JSON.stringify(next)];
        expect(JSON.stringify(shareStructure(previous, next))).toBe(after);
        expect(JSON.stringify(previous)).toBe(before);
      }),
    );
  });

  it('returns the previous value itself for an equal one', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(shareStructure(value, copy)).toBe(value);
      }),
    );
  });

  it('reuses the parts that are equal', () => {
    const previous = { same: { a: [1, 2] }, other: { b: 1 }, list: [{ c: 1 }, { d: 1 }] };
    const next = { same: { a: [1, 2] }, other: { b: 2 }, list: [{ c: 1 }, { d: 2 }] };
    const shared: unknown = shareStructure(previous, next);
    expect(shared).toHaveProperty('same', previous.same);
    expect(Reflect.get(Object(shared), 'same')).toBe(previous.same);
    expect(Reflect.get(Object(Reflect.get(Object(shared), 'list')), 0)).toBe(previous.list[0]);
  });

  it('leaves a frozen document as it is', () => {
    const next = Object.freeze({ same: { a: 1 }, other: 2 });
    expect(shareStructure({ same: { a: 1 }, other: 1 }, next)).toBe(next);
  });

  it('keeps a key called __proto__ a key, and leaves prototypes alone', () => {
    const previous: unknown = JSON.parse('{"__proto__": {"a": {"b": 1}, "c": 1}}');
    const next: unknown = JSON.parse('{"__proto__": {"a": {"b": 1}, "c": 2}, "x": 1}');
    const shared = shareStructure(previous, next);
    expect(JSON.stringify(shared)).toBe('{"__proto__":{"a":{"b":1},"c":2},"x":1}');
    expect(Object.getPrototypeOf(shared)).toBe(Object.prototype);
    expect(Reflect.get({}, 'c')).toBeUndefined();
  });

  it('takes a key that every object inherits for a key', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'),
        fc.constantFrom('{}', 'null', '1', '[]'),
        (key, value) => {
          const next: unknown = JSON.parse(`{"${key}": ${value}}`);
          expect(JSON.stringify(shareStructure({}, next))).toBe(JSON.stringify(next));
          expect(shareStructure(next, {})).toEqual({});
          expect(shareStructure({ other: undefined }, { [`${key}x`]: undefined })).toEqual({
            [`${key}x`]: undefined,
          });
        },
      ),
    );
  });

  it('survives a document of 100,000 levels', () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const next: unknown = JSON.parse(text);
    expect(shareStructure(JSON.parse(text), next)).toBeDefined();
  });
});

describe('isSameStructure', () => {
  it('tells equal values from others, and writes to neither', () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const texts = [JSON.stringify(one), JSON.stringify(other)];
        const copy: unknown = JSON.parse(JSON.stringify(one));
        const parts = new Set(Object.values(Object(copy)));
        expect(isSameStructure(one, copy)).toBe(true);
        expect(isSameStructure([one], [other])).toBe(isSameStructure([other], [one]));
        expect([JSON.stringify(one), JSON.stringify(other)]).toEqual(texts);
        expect(Object.values(Object(copy)).every((part) => parts.has(part))).toBe(true);
      }),
    );
  });
});
