import { describe, expect, it } from 'vitest';
import { createEmulator, type JsonValue } from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';

const NAME = { application: 'UIRefresh', environment: 'Production', profile: 'Features' };
const ROUTE = '/applications/UIRefresh/environments/Production/configurations/Features';

const STORED = {
  version: '1',
  flags: { ui_refresh: { name: 'UI refresh' }, plain: { name: 'Plain' } },
  values: {
    ui_refresh: {
      _variants: [
        {
          name: 'QA',
          enabled: true,
          rule: '(ends_with $email "@qa-testers.example.org")',
          attributeValues: { dark_mode_support: true },
        },
        {
          name: 'Beta Testers',
          enabled: true,
          rule: '(and (exists key::"opted_in_to_beta") (eq $opted_in_to_beta true))',
          attributeValues: { dark_mode_support: true },
        },
        { name: 'Default Variant', enabled: false, attributeValues: { dark_mode_support: false } },
      ],
    },
    plain: { enabled: true, size: 3 },
  },
};

const ION = `'colorway'::[
  [ (contains $userId "beta"), '''{"_variant": "BetaTesters", "enabled": true, "background": "blue"}''', ],
  [ (split by::$userId pct::100 seed::"s"), '''{"_variant": "Everybody", "enabled": true, "background": "red"}''', ],
  '''{"_variant": "default", "enabled": true, "background": "green"}''',
]
'button_color'::'''{"enabled": true, "color": "orange"}'''
`;

function setup(content: string | Uint8Array | JsonValue = STORED, contentType?: string) {
  const emulator = createEmulator({ multiVariantFlags });
  emulator.deploy({ ...NAME, content, contentType, versionLabel: 'v1' });
  const send = (query = '', headers: HeadersInit = {}, path = ROUTE) =>
    emulator.fetch(new Request(`http://localhost:2772${path}${query}`, { headers }));
  const read = async (query = '', headers: HeadersInit = {}): Promise<unknown> =>
    (await send(query, headers)).json();
  return { emulator, send, read };
}

async function shapeOf(response: Response) {
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    body: await response.text(),
  };
}

describe("the Agent's route", () => {
  it('answers with the whole configuration, its version and its media type', async () => {
    const { send } = setup({ title: 'Hello' });
    const response = await send();
    expect(response.status).toBe(200);
    expect(response.headers.get('configuration-version')).toBe('v1');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('etag')).toBeNull();
    expect(await response.text()).toBe('{"title":"Hello"}');
  });

  it('delivers text and bytes as they were deployed', async () => {
    const bytes = new Uint8Array([0, 255, 13, 10]);
    const { send } = setup(bytes);
    expect(new Uint8Array(await (await send()).arrayBuffer())).toEqual(bytes);
    const yaml = await setup('a: 1', 'application/x-yaml').send();
    expect(await shapeOf(yaml)).toMatchObject({ contentType: 'application/x-yaml', body: 'a: 1' });
  });

  it('answers with one flag for one key, and with a map for several', async () => {
    const { read } = setup();
    expect(await read('?flag=plain')).toEqual({ enabled: true, size: 3 });
    expect(await read('?flag=plain&flag=ui_refresh')).toEqual({
      plain: { enabled: true, size: 3 },
      ui_refresh: { _variant: 'Default Variant', enabled: false },
    });
    const delivered = setup({ a: { enabled: true }, b: { enabled: false } });
    expect(await delivered.read('?flag=b')).toEqual({ enabled: false });
  });

  it('evaluates the rules in order and falls back to the default, with the variant’s name', async () => {
    const { read } = setup();
    const plain = { enabled: true, size: 3 };
    expect(await read('', { Context: 'email=jane@qa-testers.example.org' })).toEqual({
      ui_refresh: { _variant: 'QA', enabled: true, dark_mode_support: true },
      plain,
    });
    expect(await read()).toEqual({
      ui_refresh: { _variant: 'Default Variant', enabled: false },
      plain,
    });
  });

  it('takes the context from several headers, or from one with commas', async () => {
    const { read } = setup();
    const beta = { _variant: 'Beta Testers', enabled: true, dark_mode_support: true };
    const several = new Headers();
    several.append('Context', 'email=jane@example.org');
    several.append('Context', 'opted_in_to_beta=true');
    expect(await read('?flag=ui_refresh', several)).toEqual(beta);
    const Context = 'email = jane@example.org , opted_in_to_beta=true,';
    expect(await read('?flag=ui_refresh', { Context })).toEqual(beta);
    expect(await read('?flag=ui_refresh', { Context: 'opted_in_to_beta=false' })).toMatchObject({
      _variant: 'Default Variant',
    });
  });

  it('reads values with equals signs, and in UTF-8', async () => {
    const { read } = setup(
      `'a'::[[(eq $q "x=y"), '''{"enabled": true}'''], [(eq $town "Zürich"), '''{"enabled": true, "n": 2}'''], [(eq '$straße' "Hauptstraße"), '''{"enabled": true, "n": 3}'''], '''{"enabled": false}''']`,
      'application/ion',
    );
    expect(await read('?flag=a', { Context: 'q=x=y' })).toEqual({ enabled: true });
    const asBytes = (text: string) =>
      Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
    const inZurich = { Context: asBytes('town=Zürich') };
    expect(await read('?flag=a', inZurich)).toEqual({ enabled: true, n: 2 });
    const inTheStreet = { Context: asBytes('straße=Hauptstraße') };
    expect(await read('?flag=a', inTheStreet)).toEqual({ enabled: true, n: 3 });
  });

  it('reads the Ion form that local development mode uses', async () => {
    const { read, send } = setup(ION, 'application/ion;type=AWS.AppConfig.FeatureFlags');
    const button_color = { enabled: true, color: 'orange' };
    expect(await read('', { Context: 'userId=beta-7' })).toEqual({
      colorway: { _variant: 'BetaTesters', enabled: true, background: 'blue' },
      button_color,
    });
    expect(await read('', { Context: 'userId=other' })).toEqual({
      colorway: { _variant: 'Everybody', enabled: true, background: 'red' },
      button_color,
    });
    expect(await read()).toEqual({
      colorway: { _variant: 'default', enabled: true, background: 'green' },
      button_color,
    });
    expect((await send()).headers.get('content-type')).toBe('application/json');
  });

  it('gives clients of the data API the default variants, as they evaluate no rules', async () => {
    const { emulator } = setup();
    const start = await emulator.fetch(
      new Request('http://emulator/configurationsessions', {
        method: 'POST',
        body: JSON.stringify({
          ApplicationIdentifier: 'UIRefresh',
          EnvironmentIdentifier: 'Production',
          ConfigurationProfileIdentifier: 'Features',
        }),
      }),
    );
    const { InitialConfigurationToken: token }: Record<string, string> = await start.json();
    const response = await emulator.fetch(
      new Request(`http://emulator/configuration?configuration_token=${token}`),
    );
    expect(await response.json()).toEqual({
      ui_refresh: { _variant: 'Default Variant', enabled: false },
      plain: { enabled: true, size: 3 },
    });
  });

  it('finds configurations by name and by id, and names with any sign', async () => {
    const { emulator, send } = setup();
    const [{ applicationId, environmentId, profileId } = expect.fail()] = emulator.configurations;
    expect(applicationId).toMatch(/^[a-z\d]{7}$/);
    const path = `/applications/${applicationId}/environments/${environmentId}/configurations/${profileId}`;
    expect((await send('', {}, path)).status).toBe(200);
    const odd = { application: 'My shop/é', environment: 'Ünder 5%', profile: 'a:b?c#d' };
    emulator.deploy({ ...odd, content: 'found', contentType: 'text/plain' });
    const [application, environment, profile] = Object.values(odd).map(encodeURIComponent);
    const oddPath = `/applications/${application}/environments/${environment}/configurations/${profile}`;
    expect(await (await send('', {}, oddPath)).text()).toBe('found');
  });

  it('words errors as plain text', async () => {
    const { send, emulator } = setup();
    const other = ROUTE.replace('Features', 'Other');
    expect(await shapeOf(await send('', {}, other))).toEqual({
      status: 404,
      contentType: 'text/plain; charset=utf-8',
      body: expect.stringMatching(/^ResourceNotFoundException: .*ConfigurationProfile/),
    });
    expect(await shapeOf(await send('?flag=missing'))).toMatchObject({
      status: 404,
      body: expect.stringMatching(/ResourceNotFoundException: .*"missing"/),
    });
    expect((await send('?flag=toString')).status).toBe(404);
    expect(await shapeOf(await send('', { Context: 'nonsense' }))).toMatchObject({
      status: 400,
      body: expect.stringMatching(/^BadRequestException: .*key=value/),
    });
    expect((await send('', { Context: '=x' })).status).toBe(400);
    expect((await send('', { Context: `a=${'x'.repeat(17_000)}` })).status).toBe(400);
    const post = new Request(`http://localhost${ROUTE}`, { method: 'POST' });
    expect((await emulator.fetch(post)).status).toBe(405);
    emulator.inject({ kind: 'error', status: 500, operation: 'GetConfiguration' });
    expect(await shapeOf(await send())).toMatchObject({
      status: 500,
      contentType: 'text/plain; charset=utf-8',
    });
    const text = setup('hello', 'text/plain');
    expect((await text.send('?flag=a')).status).toBe(400);
    expect(
      (await send('', {}, '/applications/%E0%A4/environments/a/configurations/b')).status,
    ).toBe(404);
  });

  it('is remembered among the requests', async () => {
    const { send, emulator } = setup();
    await send('?flag=plain');
    expect(emulator.requests.at(-1)).toMatchObject({
      operation: 'GetConfiguration',
      configuration: 'UIRefresh/Production/Features',
      status: 200,
      version: 'v1',
      contentBytes: 25,
    });
  });
});
