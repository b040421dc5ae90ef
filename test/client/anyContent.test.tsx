import { cleanup, screen } from '@testing-library/react';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AppConfigError,
  Feature,
  useAppConfig,
  useFlagDetails,
  useFlagValue,
} from '../../src/entries/index.ts';
import { advance, ErrorBoundary, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

const MAX_BYTES = 2 * 1024 * 1024;
const DEEP = 100_000;
const nested = (open: string, middle: string, close: string) =>
  open.repeat(DEEP) + middle + close.repeat(DEEP);
const flagsWith = (attribute: string) => `{"a": {"enabled": true, "b": ${attribute}}}`;

/** Content that breaks parsers, and what is read from it: a value of `b`, or the code of an error. */
const HOSTILE: readonly [name: string, content: string | Uint8Array, outcome: unknown][] = [
  ['nothing but brackets', nested('[', '', ']'), 'NotFeatureFlags'],
  ['100,000 levels in an attribute', flagsWith(nested('[', '1', ']')), 'TypeMismatch'],
  ['100,000 levels of objects', flagsWith(nested('{"c":', '1', '}')), 'TypeMismatch'],
  ['brackets that never close', '['.repeat(DEEP), 'MalformedContent'],
  ['a key of 2 MB', `{"${'k'.repeat(MAX_BYTES - 10)}":1}`, 'NotFeatureFlags'],
  ['a value of 2 MB', flagsWith(`"${'v'.repeat(MAX_BYTES - 40)}"`), 'v'.repeat(MAX_BYTES - 40)],
  ['the same key twice', '{"a": {"enabled": false}, "a": {"enabled": true, "b": "last"}}', 'last'],
  ['half of a surrogate pair', flagsWith('"\\ud800"'), '\ud800'],
  ['a byte order mark', `\ufeff${flagsWith('"marked"')}`, 'marked'],
  ['bytes that are not UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 'MalformedContent'],
  ['half of a UTF-8 letter', new Uint8Array([0x22, 0xe2, 0x82, 0x22]), 'MalformedContent'],
  ['NaN', flagsWith('NaN'), 'MalformedContent'],
  ['Infinity', flagsWith('-Infinity'), 'MalformedContent'],
  ['a number too large', flagsWith('1e999'), 'TypeMismatch'],
  ['a number of 1,000,000 digits', flagsWith('9'.repeat(1_000_000)), 'TypeMismatch'],
  ['a key that is a prototype', '{"__proto__": {"enabled": true}}', undefined],
  ['flags that are a prototype', flagsWith('"x", "__proto__": {"b": "y"}'), 'x'],
  ['null', 'null', 'NotFeatureFlags'],
  ['spaces', '   ', 'MalformedContent'],
];

function Readers() {
  const details = useFlagDetails('a');
  const value = useFlagValue('a', 'b', 'default');
  const document = useAppConfig('flags');
  return (
    <>
      <output>{value}</output>
      <Feature flag="a" fallback={<p>off</p>}>
        <p>
          on, {details.reason}, {document.status}
        </p>
      </Feature>
    </>
  );
}

const guarded = (
  <ErrorBoundary>
    <Readers />
  </ErrorBoundary>
);

describe('whatever is deployed', () => {
  it.each(HOSTILE)(
    'is a right value or a clear error, and breaks no component: %s',
    async (...row) => {
      const [, content, outcome] = row;
      const { renderApp, emulator, errors } = setup({ random: () => 0 });
      emulator.deploy({ ...NAME, profile: 'flags', content, contentType: 'application/json' });
      renderApp(guarded);
      await advance();
      const shown = screen.getByRole('status').textContent;
      const codes = errors.map(({ code }) => code);
      expect(codes.length > 0 ? codes : [shown]).toContain(outcome ?? 'default');
      expect(codes.length === 0 || shown === 'default').toBe(true);
      expect(errors.every(({ message }) => message.length < 1_000)).toBe(true);
      emulator.deploy({ ...NAME, profile: 'flags', content: FLAGS });
      await advance(5 * MINUTE_MS);
      expect(screen.getByRole('status').textContent).toBe('default');
      expect(Reflect.get({}, 'b')).toBeUndefined();
      expect(Reflect.get({}, 'enabled')).toBeUndefined();
    },
  );

  it('is refused where it has a byte more than the limit, and the last good version stays', async () => {
    const { renderApp, emulator, errors } = setup({ maxContentBytes: MAX_BYTES - 1 });
    emulator.deploy({ ...NAME, profile: 'flags', content: { a: { enabled: true, b: 'good' } } });
    renderApp(guarded);
    await advance();
    const room = MAX_BYTES - flagsWith('""').length;
    emulator.deploy({ ...NAME, profile: 'flags', content: flagsWith(`"${'v'.repeat(room)}"`) });
    await advance(5 * MINUTE_MS);
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['ContentTooLarge']));
    expect(screen.getByRole('status').textContent).toBe('good');
  });

  it('breaks no component, whatever the bytes, the media type and the headers', async () => {
    const { renderApp, emulator, errors } = setup();
    renderApp(guarded);
    await advance();
    const like = fc.constantFrom('{"a": {"enabled": true, "b": ', '{"a": ', '[', '"', '');
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.json().map((text) => new TextEncoder().encode(flagsWith(text))),
      fc.tuple(like, fc.string()).map((parts) => new TextEncoder().encode(parts.join(''))),
    );
    const contentType = fc.oneof(
      fc.constantFrom('application/json', 'application/x-yaml', 'text/plain; charset=utf-16'),
      fc.stringMatching(/^[ -~]{1,40}$/),
    );
    const text = fc.stringMatching(/^[ -~]{1,40}$/);
    // Neither a good interval nor a wrong token: keeping to those would break the emulator's rules.
    const headers = fc.record(
      {
        'Next-Poll-Interval-In-Seconds': fc.constantFrom(null, '-1', '0', '1e9', 'NaN', '6 0', 'x'),
        'Next-Poll-Configuration-Token': fc.constant(null),
        'Content-Type': fc.option(text),
        'Version-Label': fc.option(text),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(content, contentType, headers, async (bytes, type, changed) => {
        emulator.deploy({ ...NAME, profile: 'flags', content: bytes, contentType: type });
        emulator.inject({ kind: 'headers', operation: 'GetLatestConfiguration', headers: changed });
        await advance(MINUTE_MS);
        expect(screen.getByRole('status')).toBeDefined();
      }),
      { numRuns: 150 },
    );
    expect(errors.every((error) => error instanceof AppConfigError)).toBe(true);
    expect(errors.length).toBeGreaterThan(10);
    emulator.clearFaults();
    emulator.deploy({ ...NAME, profile: 'flags', content: { a: { enabled: true, b: 'good' } } });
    await advance(15 * MINUTE_MS);
    expect(screen.getByRole('status').textContent).toBe('good');
    cleanup();
  }, 60_000);
});
