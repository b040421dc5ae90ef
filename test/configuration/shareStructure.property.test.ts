import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareStructure } from '../../src/configuration/index.ts';

const json = fc.json({ maxDepth: 4 }).map((text): unknown => JSON.parse(text));

describe('shareStructure', () => {
  it('changes nothing about the next value', () => {
    fc.assert(
      fc.property(json, json, (previous, next) => {
        expect(JSON.stringify(shareStructure(previous, next))).toBe(JSON.stringify(next));
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
    const before = JSON.stringify([previous, next]);
    const shared: unknown = shareStructure(previous, next);
    expect(shared).toHaveProperty('same', previous.same);
    expect(Reflect.get(Object(shared), 'same')).toBe(previous.same);
    expect(Reflect.get(Object(Reflect.get(Object(shared), 'list')), 0)).toBe(previous.list[0]);
    expect(JSON.stringify([previous, next])).toBe(before);
  });

  it('keeps a key called __proto__ a key, and leaves prototypes alone', () => {
    const previous: unknown = JSON.parse('{"__proto__": {"a": {"b": 1}, "c": 1}}');
    const next: unknown = JSON.parse('{"__proto__": {"a": {"b": 1}, "c": 2}, "x": 1}');
    const shared = shareStructure(previous, next);
    expect(JSON.stringify(shared)).toBe('{"__proto__":{"a":{"b":1},"c":2},"x":1}');
    expect(Object.getPrototypeOf(shared)).toBe(Object.prototype);
    expect(Reflect.get({}, 'c')).toBeUndefined();
  });

  it('survives a document of 100,000 levels', () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const next: unknown = JSON.parse(text);
    expect(shareStructure(JSON.parse(text), next)).toBeDefined();
  });
});
