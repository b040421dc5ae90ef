import { describe, expect, it } from 'vitest';
import {
  createEmulator,
  InvalidConfigurationError,
  type Deployment,
  type JsonValue,
} from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
const DELIVERED = 'http://emulator/applications/shop/environments/production/configurations/flags';

const setup = () => createEmulator({ multiVariantFlags });

async function deliver(content: Deployment['content'], rest: Partial<Deployment> = {}) {
  const emulator = setup();
  emulator.deploy({ ...NAME, content, ...rest });
  const response = await emulator.fetch(new Request(DELIVERED));
  return response.json();
}

/** What is wrong with a document, or undefined. */
function refusalOf(content: Deployment['content'], rest: Partial<Deployment> = {}) {
  try {
    setup().deploy({ ...NAME, content, ...rest });
    return undefined;
  } catch (error) {
    if (error instanceof InvalidConfigurationError) return error;
    throw error;
  }
}

const attribute = (constraints: JsonValue, value?: JsonValue) => ({
  version: '1',
  flags: { checkout: { name: 'Checkout', attributes: { limit: { constraints } } } },
  values: { checkout: { enabled: true, ...(value === undefined ? {} : { limit: value }) } },
});
const variants = (...list: JsonValue[]) => ({
  version: '1',
  flags: { ui: { name: 'UI' } },
  values: { ui: { _variants: list } },
});

describe('a document of feature flags', () => {
  it('is delivered without its definitions, with attributes only while a flag is on', async () => {
    const stored = {
      version: '1',
      flags: {
        on: {
          name: 'On',
          description: 'Is on',
          attributes: { size: { constraints: { type: 'number' } } },
        },
        off: {
          name: 'Off',
          _createdAt: '2026-01-01',
          _deprecation: { status: 'planned', date: '2026-02-01' },
        },
      },
      values: {
        on: { enabled: true, size: 20, _createdAt: '2026-01-01', _updatedAt: '2026-01-02' },
        off: { enabled: false, size: 3 },
      },
    };
    expect(await deliver(stored)).toEqual({
      on: { enabled: true, size: 20 },
      off: { enabled: false },
    });
    expect(await deliver(JSON.stringify(stored))).toEqual({
      on: { enabled: true, size: 20 },
      off: { enabled: false },
    });
  });

  it('needs no definitions, as AWS needs none', async () => {
    const stored = { version: '1', values: { on: { enabled: true, list: ['a', 'b'] } } };
    expect(await deliver(stored)).toEqual({ on: { enabled: true, list: ['a', 'b'] } });
  });

  it('is served as it is when it is freeform, whatever it looks like', async () => {
    const document = { version: '2', flags: { anything: 1 } };
    expect(await deliver(document, { type: 'AWS.Freeform' })).toEqual(document);
    for (const other of [
      { version: 7, flags: {} },
      { version: '2.1', flags: { debug: true }, name: 'shop' },
      { version: '1' },
    ]) {
      expect(await deliver(other)).toEqual(other);
    }
    const contentType = 'application/json; type=AWS.Freeform';
    expect(await deliver(document, { contentType })).toEqual(document);
    expect(refusalOf(document)?.message).toContain('deploy it with type "AWS.Freeform"');
  });

  it.each<
    [string, JsonValue, Partial<{ flag: string; attribute: string; variant: string }>, RegExp]
  >([
    [
      'another version',
      { version: '2', values: {} },
      {},
      /"version" must be the text "1".*not "2"/,
    ],
    ['another member', { version: '1', values: {}, extra: 1 }, {}, /"extra" is unknown/],
    [
      'flags that are a list',
      { version: '1', values: {}, flags: [] },
      {},
      /"flags" must be an object/,
    ],
    [
      'a key in capitals',
      { version: '1', values: { Dark: { enabled: true } } },
      { flag: 'Dark' },
      /small letter/,
    ],
    [
      'a key of 65 letters',
      { version: '1', values: { ['a'.repeat(65)]: { enabled: true } } },
      {},
      /64/,
    ],
    ['a flag that is a boolean', { version: '1', values: { ui: true } }, { flag: 'ui' }, /object/],
    [
      'no enabled',
      { version: '1', values: { ui: {} } },
      { flag: 'ui' },
      /"enabled" must be true or false/,
    ],
    [
      'a name with a line break',
      { version: '1', flags: { ui: { name: 'a\nb' } } },
      { flag: 'ui' },
      /"name"/,
    ],
    [
      'a long description',
      { version: '1', flags: { ui: { description: 'x'.repeat(1_025) } } },
      { flag: 'ui' },
      /"description"/,
    ],
    [
      'an odd deprecation',
      { version: '1', flags: { ui: { _deprecation: { status: 'done' } } } },
      { flag: 'ui' },
      /_deprecation/,
    ],
    [
      'a time that is not a text',
      { version: '1', values: { ui: { enabled: true, _createdAt: 5 } } },
      { flag: 'ui' },
      /_createdAt/,
    ],
    [
      'a number for a text',
      attribute({ type: 'string' }, 5),
      { flag: 'checkout', attribute: 'limit' },
      /must be a text/,
    ],
    [
      'a text for a number',
      attribute({ type: 'number' }, '5'),
      { attribute: 'limit' },
      /must be a number/,
    ],
    [
      'a text for a boolean',
      attribute({ type: 'boolean' }, 'true'),
      { attribute: 'limit' },
      /true or false/,
    ],
    [
      'a text for a list',
      attribute({ type: 'array' }, 'a'),
      { attribute: 'limit' },
      /must be a list/,
    ],
    [
      'less than the minimum',
      attribute({ type: 'number', minimum: 10 }, 9),
      { attribute: 'limit' },
      /9 is less than the minimum 10/,
    ],
    [
      'more than the maximum',
      attribute({ type: 'number', maximum: 100 }, 200),
      { attribute: 'limit' },
      /200 is more than the maximum 100/,
    ],
    [
      'a value that is not one of the choices',
      attribute({ type: 'string', enum: ['S', 'M'] }, 'L'),
      { attribute: 'limit' },
      /"L" is none of S, M/,
    ],
    [
      'a text that does not match its pattern',
      attribute({ type: 'string', pattern: '^\\d+$' }, 'x'),
      { attribute: 'limit' },
      /does not match the pattern/,
    ],
    [
      'a required attribute that is missing',
      attribute({ type: 'number', required: true }),
      { attribute: 'limit' },
      /is required/,
    ],
    [
      'a wrong element',
      attribute({ type: 'array', elements: { type: 'number', minimum: 1 } }, [1, 0]),
      { attribute: 'limit' },
      /element 1: 0 is less/,
    ],
    [
      'a mixed list',
      attribute({ type: 'array' }, [1, 'a']),
      { attribute: 'limit' },
      /a list of texts or of numbers/,
    ],
    [
      'an object as an attribute',
      attribute({ type: 'string' }, {}),
      { attribute: 'limit' },
      /must be a text of at most/,
    ],
    [
      'a text of 1,025 characters',
      attribute({ type: 'string' }, 'x'.repeat(1_025)),
      { attribute: 'limit' },
      /1024/,
    ],
    [
      'an unknown type',
      attribute({ type: 'date' }),
      { attribute: 'limit' },
      /"type" must be one of/,
    ],
    [
      'pattern and enum',
      attribute({ type: 'string', pattern: 'a', enum: ['a'] }),
      { attribute: 'limit' },
      /not both/,
    ],
    [
      'a pattern that is not valid',
      attribute({ type: 'string', pattern: '(' }),
      { attribute: 'limit' },
      /regular expression/,
    ],
    [
      'an enum of objects',
      attribute({ type: 'string', enum: [{}] }),
      { attribute: 'limit' },
      /"enum"/,
    ],
    [
      'a broken minimum',
      attribute({ type: 'number', minimum: 1.5 }),
      { attribute: 'limit' },
      /whole number/,
    ],
    [
      'a limit of another type',
      attribute({ type: 'boolean', minimum: 1 }),
      { attribute: 'limit' },
      /"minimum" is unknown/,
    ],
    [
      'a required that is a text',
      attribute({ type: 'string', required: 'yes' }),
      { attribute: 'limit' },
      /"required"/,
    ],
    [
      '26 attributes',
      {
        version: '1',
        values: {
          ui: {
            enabled: true,
            ...Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`a${i}`, i])),
          },
        },
      },
      { flag: 'ui' },
      /25 attributes/,
    ],
    ['no variants', variants(), { flag: 'ui' }, /1 to 32 variants/],
    [
      '33 variants',
      variants(
        ...Array.from({ length: 33 }, (_, i) => ({ name: `${i}`, enabled: true, rule: 'true' })),
      ),
      { flag: 'ui' },
      /1 to 32/,
    ],
    [
      'a default that is not last',
      variants(
        { name: 'Default', enabled: false },
        { name: 'Beta', enabled: true, rule: '(eq $a "b")' },
      ),
      { variant: 'Default' },
      /only the default has none, and it comes last/,
    ],
    [
      'a variant without a rule',
      variants({ name: 'Beta', enabled: true }, { name: 'Default', enabled: false }),
      { variant: 'Beta' },
      /needs a "rule"/,
    ],
    [
      'two variants of one name',
      variants({ name: 'A', enabled: true, rule: 'true' }, { name: 'A', enabled: false }),
      { variant: 'A' },
      /has this name/,
    ],
    [
      'a variant without a name',
      variants({ enabled: true, rule: 'true' }, { name: 'D', enabled: false }),
      { variant: '0' },
      /"name"/,
    ],
    ['a variant without enabled', variants({ name: 'D' }), { variant: 'D' }, /"enabled"/],
    [
      'another member of a variant',
      variants({ name: 'D', enabled: true, limit: 1 }),
      { variant: 'D' },
      /"limit" is unknown/,
    ],
    [
      'a long rule',
      variants(
        { name: 'A', enabled: true, rule: `(eq $a "${'x'.repeat(16_384)}")` },
        { name: 'D', enabled: true },
      ),
      { variant: 'A' },
      /16384/,
    ],
  ])('is refused for %s', (_, content, where, message) => {
    const issue = refusalOf(content, { type: 'AWS.AppConfig.FeatureFlags' })?.issues[0];
    expect(issue).toMatchObject({ ...where, message: expect.stringMatching(message) });
  });

  it('names the flag, the variant and the character of every mistake in a rule', () => {
    const error = refusalOf(
      variants(
        { name: 'Beta', enabled: true, rule: '(or (equals $a "b") (split pct::200 by::$a))' },
        { name: 'Gamma', enabled: true, rule: '(eq $a' },
        { name: 'Default', enabled: false },
      ),
    );
    expect(error?.issues).toMatchObject([
      { flag: 'ui', variant: 'Beta', position: 5 },
      { flag: 'ui', variant: 'Beta', position: 27 },
      { flag: 'ui', variant: 'Gamma', position: 6 },
    ]);
    expect(error?.message).toContain('flag "ui", variant "Beta", at character 5: no operator');
    expect(error?.code).toBe('InvalidConfiguration');
  });

  it('checks the attributes of variants against their constraints', () => {
    const document = {
      version: '1',
      flags: { ui: { attributes: { size: { constraints: { type: 'number', required: true } } } } },
      values: {
        ui: {
          _variants: [
            { name: 'A', enabled: true, rule: 'true', attributeValues: { size: 'big' } },
            { name: 'B', enabled: true, rule: 'true' },
            { name: 'C', enabled: false },
          ],
        },
      },
    };
    expect(refusalOf(document)?.issues).toMatchObject([
      { variant: 'A', attribute: 'size', message: 'must be a number' },
      { variant: 'B', attribute: 'size', message: 'is required' },
    ]);
  });

  it('keeps its message short, however long the document is', () => {
    const values = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`k${index}${'x'.repeat(1_000)}`, 1]),
    );
    const error = refusalOf({ version: '1', values });
    expect(error?.issues).toHaveLength(100);
    expect(error?.message.length).toBeLessThan(3_000);
    expect(error?.message).toContain('and 95 more');
  });

  it('is refused over 2 MiB, and so are feature flags that are not valid', () => {
    expect(refusalOf('x'.repeat(2 * 1024 * 1024))).toBeUndefined();
    expect(refusalOf('x'.repeat(2 * 1024 * 1024 + 1))?.message).toMatch(/2097153 bytes/);
    const type = 'AWS.AppConfig.FeatureFlags';
    expect(refusalOf('{"a": ', { type })?.message).toMatch(/not valid JSON/);
    expect(refusalOf('[]', { type })?.message).toMatch(/JSON object/);
    expect(refusalOf({ a: { on: true } }, { type })?.issues).toMatchObject([{ flag: 'a' }]);
    expect(refusalOf('a: 1', { type, contentType: 'application/x-yaml' })?.message).toMatch(/Ion/);
    expect(refusalOf({ a: { enabled: true } }, { type })).toBeUndefined();
    const contentType = `application/json; type=${type}`;
    expect(refusalOf({ a: { on: true } }, { contentType })?.issues).toMatchObject([{ flag: 'a' }]);
  });

  it('says what to import where variants are deployed to an emulator that knows none', () => {
    const emulator = createEmulator();
    const deploy = () =>
      emulator.deploy({ ...NAME, content: variants({ name: 'Default', enabled: true }) });
    expect(deploy).toThrow(/react-appconfig\/emulator\/variants/);
    const deployIon = () =>
      emulator.deploy({ ...NAME, content: '', contentType: 'application/ion' });
    expect(deployIon).toThrow(/react-appconfig\/emulator\/variants/);
  });

  it('stays as it was when its successor is refused', async () => {
    const emulator = setup();
    emulator.deploy({ ...NAME, content: { version: '1', values: { a: { enabled: true } } } });
    expect(() => emulator.deploy({ ...NAME, content: { version: '9', values: {} } })).toThrow(
      InvalidConfigurationError,
    );
    const response = await emulator.fetch(new Request(DELIVERED));
    expect(await response.json()).toEqual({ a: { enabled: true } });
  });
});

describe('a document in Amazon Ion', () => {
  const contentType = 'application/ion; type=AWS.AppConfig.FeatureFlags';

  it.each([
    [`'''{"enabled": true}'''`, 0, /behind its flag's key/],
    [`'a'::'''{"enabled": true}''' 'a'::'''{"enabled": true}'''`, 29, /twice/],
    [`'a'::'''{"on": true}'''`, 0, /enabled/],
    [`'a'::'''{"enabled": '''`, 0, /flag as JSON/],
    [`'a'::5`, 0, /list of variants or a text/],
    [`'a'::[]`, 0, /default variant/],
    [`'a'::[[(eq $a "x"), '''{"enabled": true}''']]`, 6, /the default/],
    [`'a'::['''{"enabled": true}''', '''{"enabled": true}''']`, 6, /\[rule, text\]/],
    [
      `'a'::[[(eq $a), '''{"enabled": true, "_variant": "V"}'''], '''{"enabled": true}''']`,
      8,
      /two operands/,
    ],
    [`'a'::[[(eq $a "x"), 5], '''{"enabled": true}''']`, 20, /flag as JSON/],
    [`'a'::[`, 6, /not valid Amazon Ion/],
  ])('is refused: %s', (content, position, message) => {
    const issues = refusalOf(content, { contentType })?.issues;
    expect(issues).toContainEqual(
      expect.objectContaining({ position, message: expect.stringMatching(message) }),
    );
  });

  it('names the flag and the variant', () => {
    const content = `'ui'::[[(oops), '''{"enabled": true, "_variant": "Beta"}'''], '''{"enabled": false}''']`;
    expect(refusalOf(content, { contentType })?.issues).toMatchObject([
      { flag: 'ui', variant: 'Beta', position: 9 },
    ]);
  });
});
