import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../support/createFolder.ts';
import { runCommand } from '../support/runCommand.ts';

const FLAGS = {
  version: '1',
  flags: {
    checkout: {
      name: 'Checkout',
      description: 'The new */ checkout',
      attributes: {
        'max-items': { constraints: { type: 'number', required: true, minimum: 1 } },
        currency: { constraints: { type: 'string', enum: ['EUR', "it's"] } },
        sizes: { constraints: { type: 'array', elements: { type: 'string', enum: ['S', 'M'] } } },
        anything: {},
      },
    },
    'dark-mode': { name: 'Dark mode', _deprecation: { status: 'planned' } },
    greeting: { name: 'Greeting' },
  },
  values: {
    checkout: { enabled: true, 'max-items': 20, currency: 'EUR' },
    'dark-mode': { enabled: true },
    greeting: {
      _variants: [
        { name: 'NZ', enabled: true, rule: '(eq $country "NZ")', attributeValues: { kia: 'ora' } },
        { name: 'Default', enabled: false },
      ],
    },
  },
};
const SETTINGS = {
  lists: [[1], [2, 'three']],
  pages: [
    { title: 'Home', 'max-width': 3 },
    { title: 'About', note: null },
  ],
  empty: [],
};

/** What the compiler says of code that uses the types of a folder's configurations. */
function compile(files: Readonly<Record<string, string>>, code: string): string {
  const folder = createFolder({
    ...files,
    'tsconfig.json': JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions: { types: [], typeRoots: [], skipLibCheck: false },
      files: ['appconfig.d.ts', 'code.ts'],
      include: [],
    }),
    'code.ts': code,
  });
  const { status, stderr } = runCommand('types', folder, '--out', join(folder, 'appconfig.d.ts'));
  if (status !== 0) throw new Error(stderr);
  const compiler = resolve('node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout;
}

describe('react-appconfig types', () => {
  it('writes types by which the hooks know flags, attributes and documents', () => {
    const printed = compile(
      {
        'shop:production:flags.json': JSON.stringify(FLAGS),
        'shop:production:settings.json': JSON.stringify(SETTINGS),
        'shop:production:notice.txt': 'Closed on Monday',
        'shop:production:logo': 'PNG',
        'shop:production:rules.yaml': 'a: 1',
      },
      `import { useAppConfig, useFlag, useFlagValue } from 'react-appconfig';
       type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? A : never;
       export function useAll() {
         const isOn: boolean = useFlag('dark-mode').enabled;
         const items: number = useFlagValue('checkout', 'max-items', 3);
         const { data: settings } = useAppConfig('settings');
         const first: string | number | undefined = settings?.lists[0]?.[0];
         const width: number | undefined = settings?.pages[0]?.['max-width'];
         const nothing: readonly unknown[] | undefined = settings?.empty;
         const notice: Is<string | undefined, ReturnType<typeof useNotice>> = useNotice();
         const logo: Uint8Array | undefined = useAppConfig('logo').data;
         return [isOn, items, first, width, nothing, notice, logo];
       }
       const useNotice = () => useAppConfig('notice').data;
       // @ts-expect-error There is no such flag.
       export const useMisspelt = () => useFlag('dark-mod');
       // @ts-expect-error There is no such attribute.
       export const useOther = () => useFlagValue('checkout', 'items', 3);
       // @ts-expect-error It is a number.
       export const useText = () => useFlagValue('checkout', 'max-items', 'three');
       // @ts-expect-error It is one of two.
       export const useCurrency = (): 'USD' | undefined => useFlagValue('checkout', 'currency', undefined);
       // @ts-expect-error There is no such profile.
       export const useProfile = () => useAppConfig('site');`,
    );
    expect(printed).toBe('');
  });

  it('has the constraints of AWS AppConfig, and its descriptions, in the types', () => {
    const folder = createFolder({ 'shop:production:flags.json': JSON.stringify(FLAGS) });
    const { stdout } = runCommand('types', folder);
    expect(stdout)
      .toBe(`// Written by \`react-appconfig types\`. Changes are lost when it runs again.
import type { AttributeValue, FeatureFlags } from 'react-appconfig';

declare module 'react-appconfig' {
  interface Register {
    profiles: {
      flags: FeatureFlags<{
        /** The new *\\/ checkout */
        checkout: {
          anything?: AttributeValue;
          currency?: 'EUR' | 'it\\'s';
          'max-items': number;
          sizes?: readonly ('S' | 'M')[];
        };
        /** Dark mode @deprecated */
        'dark-mode': {};
        /** Greeting */
        greeting: {
          kia: string;
        };
      }>;
    };
    deprecatedFlags: {
      flags: 'dark-mode';
    };
  }
}
`);
  });

  it('makes one type of what the environments of a profile say', () => {
    const folder = createFolder({
      'shop:staging:features.json': '{"new": {"enabled": true, "size": "S", "count": 1}}',
      'shop:production:features.json':
        '{"old": {"enabled": false}, "new": {"enabled": true, "size": 4}}',
    });
    const { stdout } = runCommand('types', folder);
    expect(stdout).toContain(`features: FeatureFlags<{
        new: {
          count?: number;
          size: `);
    expect(stdout).toMatch(/size: (number \| string|string \| number);/);
    expect(stdout).toContain('old: {}');
    expect(stdout, 'the only flags are those that hooks read').toContain("flags: 'features';");
  });

  it('writes a module that compiles where no type of the package is used', () => {
    expect(
      compile(
        { 'shop:production:notice.txt': 'Closed on Monday' },
        `import { useAppConfig } from 'react-appconfig';
         export const useNotice = (): string | undefined => useAppConfig('notice').data;`,
      ),
    ).toBe('');
  });

  it('fails with --check while the file is not what it would write', () => {
    const folder = createFolder({ 'shop:production:flags.json': JSON.stringify(FLAGS) });
    const out = join(folder, 'appconfig.d.ts');
    const check = () => runCommand('types', folder, '--out', out, '--check');
    expect(check()).toMatchObject({ status: 1, stderr: expect.stringContaining('is not what') });
    expect(runCommand('types', folder, '--out', out).status).toBe(0);
    expect(check()).toStrictEqual({ status: 0, stdout: '', stderr: '' });
    writeFileSync(out, `${readFileSync(out, 'utf8')}\n`);
    expect(check().status).toBe(1);
  });

  it('tells applications apart that have a profile of the same name', () => {
    const folder = createFolder({
      'shop:production:flags.json': '{"a": {"enabled": true}}',
      'blog:production:flags.json': '{"b": {"enabled": true}}',
    });
    expect(runCommand('types', folder).stderr).toMatch(/Choose one with --application/);
    const { stdout } = runCommand('types', folder, '--application', 'blog');
    expect(stdout).toContain('b: {}');
    expect(stdout).not.toContain('a: {}');
  });

  it.each([
    [['types'], /Name one folder/],
    [['types', '/no/such/folder'], /cannot be read/],
    [['types', '.', '--check'], /--check needs --out/],
    [['types', '.', '--what'], /Unknown option '--what'/],
    [['types', 'src'], /no configuration in src/],
  ])('refuses %j with a readable message', (parameters, message) => {
    const { status, stderr } = runCommand(...parameters);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
  });

  it('says that a file cannot be written', () => {
    const folder = createFolder({ 'shop:production:flags.json': '{"a": {"enabled": true}}' });
    const { status, stderr } = runCommand('types', folder, '--out', join(folder, 'no', 'file'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^\S+file cannot be written: ENOENT/);
  });

  it('says in which files what is wrong, and writes nothing', () => {
    const folder = createFolder({
      'shop:production:flags.json':
        '{"version":"1","flags":{"a":{"name":"A"}},"values":{"a":{"enabled":"yes"}}}',
      'shop:production:settings.json': '{',
      'shop:production:good.json': '{}',
    });
    const out = join(folder, 'appconfig.d.ts');
    const { status, stderr } = runCommand('types', folder, '--out', out);
    expect(status).toBe(1);
    expect(stderr).toMatch(/flags\.json: .*"enabled" must be true or false/);
    expect(stderr).toMatch(/settings\.json: .*not valid JSON/);
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
  });
});
