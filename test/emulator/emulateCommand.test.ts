import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ControlState } from '../../src/emulator/control/index.ts';
import { runCommand } from '../support/runCommand.ts';
import { runEmulate, type RunningEmulator } from '../support/runEmulate.ts';

const FLAGS = 'shop:production:flags.json';
const ION = 'UIRefresh:Production:Features.application%ion%type=AWS.AppConfig.FeatureFlags';

const running = new Set<RunningEmulator>();
afterEach(async () => {
  for (const emulator of running) await emulator.stop();
  running.clear();
});

async function start(
  files: Readonly<Record<string, string>> | undefined,
  ...options: readonly string[]
) {
  const emulator = await runEmulate(files, ...options);
  running.add(emulator);
  const read = async (path: string, headers: HeadersInit = {}) => {
    const [application, environment, profile] = path.split('/');
    const response = await fetch(
      `${emulator.url}/applications/${application}/environments/${environment}/configurations/${profile}`,
      { headers },
    );
    return {
      status: response.status,
      contentType: response.headers.get('content-type'),
      body: await response.text(),
    };
  };
  return { emulator, read };
}

/** How many faults have not struck yet. */
async function countFaults(url: string): Promise<number> {
  const { faults }: ControlState = await (await fetch(`${url}/control/state`)).json();
  return faults.length;
}

describe('react-appconfig emulate', () => {
  it('serves a folder that is named as for the AppConfig Agent, Ion files included', async () => {
    const { read, emulator } = await start({
      [FLAGS]: '{"dark-mode": {"enabled": true}}',
      [ION]: `'colorway'::[[(contains $userId "beta"), '''{"_variant": "Beta", "enabled": true}'''], '''{"_variant": "default", "enabled": false}''']`,
      'shop:production:settings.yaml': 'title: Shop',
      'shop:production:notes.text%markdown': '# Notes',
      'shop:production:blob': 'bytes',
      'shop:production:my.profile.json': '{}',
      'README.md': 'no configuration',
    });
    expect(await read('shop/production/flags')).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"dark-mode": {"enabled": true}}',
    });
    expect(await read('UIRefresh/Production/Features', { Context: 'userId=beta' })).toEqual({
      status: 200,
      contentType: 'application/json',
      body: '{"colorway":{"_variant":"Beta","enabled":true}}',
    });
    const typeOf = async (path: string) => (await read(path)).contentType;
    expect(await typeOf('shop/production/settings')).toBe('application/x-yaml');
    expect(await typeOf('shop/production/notes')).toBe('text/markdown');
    expect(await typeOf('shop/production/blob')).toBe('application/octet-stream');
    expect(await typeOf('shop/production/my.profile')).toBe('application/json');
    expect(emulator.output()).not.toContain('README');
  });

  it('deploys what is saved, and keeps the last good version of what is broken', async () => {
    const { emulator, read } = await start({ [FLAGS]: '{"a": {"enabled": true}}' });
    emulator.save(FLAGS, '{"a": {"enabled": ');
    await emulator.hasWritten(/not deployed: shop:production:flags.json: It is not valid JSON/);
    expect((await read('shop/production/flags')).body).toBe('{"a": {"enabled": true}}');
    emulator.save(FLAGS, '{"version": "1", "values": {"a": {"enabled": "yes"}}}');
    await emulator.hasWritten(/not deployed: .*flag "a": "enabled" must be true or false/);
    expect((await read('shop/production/flags')).body).toBe('{"a": {"enabled": true}}');
    emulator.save(FLAGS, '{"version": "1", "values": {"a": {"enabled": false}}}');
    await emulator.hasWritten(/\d\d {2}deployed: shop\/production\/flags/);
    expect((await read('shop/production/flags')).body).toBe('{"a":{"enabled":false}}');
    emulator.save('shop:production:new.json', '{}');
    await emulator.hasWritten(/deployed: shop\/production\/new/);
    emulator.remove(FLAGS);
    await emulator.hasWritten(/deleted: shop:production:flags.json; its last version stays served/);
    expect((await read('shop/production/flags')).status).toBe(200);
  });

  it('writes a readable line about each request', async () => {
    const { emulator, read } = await start({ [FLAGS]: '{}' });
    await read('shop/production/flags');
    await read('shop/production/other');
    const body = JSON.stringify({
      ApplicationIdentifier: 'shop',
      EnvironmentIdentifier: 'production',
      ConfigurationProfileIdentifier: 'flags',
    });
    const answer = await fetch(`${emulator.url}/configurationsessions`, { method: 'POST', body });
    const token = String(Reflect.get(Object(await answer.json()), 'InitialConfigurationToken'));
    await fetch(`${emulator.url}/configuration?configuration_token=${token}`);
    await fetch(`${emulator.url}/configuration?configuration_token=${token}`);
    await emulator.hasWritten(/used/);
    const lines = emulator
      .output()
      .split('\n')
      .filter((line) => /^\d\d:/.test(line));
    expect(lines.map((line) => line.slice(10))).toEqual([
      '200  agent  shop/production/flags  version 1, 2 bytes',
      expect.stringMatching(
        /^404 {2}agent {2}shop\/production\/other {2}ResourceNotFoundException: /,
      ),
      '201  start  shop/production/flags  session 1',
      '200  poll   shop/production/flags  session 1  version 1, 2 bytes',
      '400  poll   shop/production/flags  session 1  BadRequestException: Token has already been used',
    ]);
    expect(emulator.output()).not.toContain(token);
  });

  it('writes each line once, whichever request is answered first', async () => {
    const { emulator, read } = await start({ [FLAGS]: '{}', 'shop:production:other.json': '{}' });
    await emulator.control('inject', { kind: 'slow', delayMs: 300 });
    const slow = read('shop/production/flags');
    // The other request has to arrive second, and be answered first.
    await expect.poll(async () => countFaults(emulator.url)).toBe(0);
    await read('shop/production/other');
    await slow;
    await read('shop/production/other');
    await emulator.hasWritten(/slow[^]*other/);
    const lines = emulator
      .output()
      .split('\n')
      .filter((line) => /^\d\d:/.test(line));
    expect(lines.map((line) => line.split('  ')[3])).toEqual([
      'shop/production/other',
      'shop/production/flags',
      'shop/production/other',
    ]);
  });

  it('shows on the terminal nothing that a terminal would obey', async () => {
    const { emulator, read } = await start({ [FLAGS]: '{}' });
    await read(`${encodeURIComponent('\u001b[2J\u202eevil\r\n')}/production/flags`);
    await read(`${'x'.repeat(5_000)}/production/flags`);
    await emulator.hasWritten(/404[^]*404/);
    const lines = emulator
      .output()
      .split('\n')
      .filter((line) => /^\d\d:/.test(line));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('\ufffd[2J\ufffdevil\ufffd\ufffd/production/flags');
    expect(lines[1]?.length).toBeLessThanOrEqual(300);
  });

  it('reports what is wrong with a file once, in one line', async () => {
    const bad = 'shop:production:bad.json';
    const { emulator } = await start({ [FLAGS]: '{}', [bad]: 'x\n', 'a:b:.json': '{}' });
    symlinkSync('/no/such/file', join(emulator.folder, 'shop:production:gone.json'));
    emulator.save(FLAGS, '{"a": {"enabled": true}}');
    await emulator.hasWritten(/not deployed: shop:production:gone.json: ENOENT/);
    await emulator.hasWritten(/\d\d {2}deployed: shop\/production\/flags/);
    const lines = emulator.output().split('\n');
    expect(lines.filter((line) => line.includes('gone.json'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('bad.json'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('a/b'))).toHaveLength(0);
  });

  it('keeps serving when its folder is deleted', async () => {
    const { emulator, read } = await start({ [FLAGS]: '{}' });
    rmSync(emulator.folder, { recursive: true });
    await emulator.hasWritten(/cannot be read/);
    expect((await read('shop/production/flags')).status).toBe(200);
  });

  it('says how AWS’s clients are pointed at it', async () => {
    const { emulator } = await start({ [FLAGS]: '{}' });
    const { url } = emulator;
    expect(emulator.output()).toContain(`AWS_ENDPOINT_URL_APPCONFIGDATA=${url}`);
    expect(emulator.output()).toContain(`endpoint: '${url}'`);
    expect(emulator.output()).toContain(`endpoint_url='${url}'`);
    expect(emulator.output()).toContain(`--endpoint-url ${url}`);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('injects the faults that it is asked for', async () => {
    const { read } = await start({ [FLAGS]: '{}' }, '--faults', '100%:503');
    expect((await read('shop/production/flags')).status).toBe(503);
  });

  it('serves flags of its own without a folder', async () => {
    const { read } = await start(undefined);
    const { body } = await read('demo/local/flags', { Context: 'country=NZ' });
    expect(JSON.parse(body)).toMatchObject({
      'dark-mode': { enabled: true },
      greeting: { _variant: 'Kiwi', enabled: true },
    });
  });

  it('explains itself', () => {
    const { stdout } = runCommand('emulate', '--help');
    expect(stdout).toContain('--interval');
    expect(runCommand('--help').stdout).toMatch(/emulate.*\n.*check.*\n.*types/);
  });

  it.each([
    [['emulate', '/no/such/folder'], /folder \/no\/such\/folder cannot be read/],
    [['emulate', '--port', 'http'], /--port takes a whole number/],
    [['emulate', '--port', '70000'], /from 0 to 65535/],
    [['emulate', '--interval', '1.5'], /--interval takes a whole number/],
    [['emulate', '--faults', 'often'], /--faults takes a share/],
    [['emulate', '--faults', '5%:flood'], /Kinds are/],
    [['emulate', '--what'], /Unknown option '--what'/],
    [['emulate', 'a', 'b'], /One folder at most/],
    [['deploy'], /no command "deploy"/],
  ])('refuses %j with a readable message', (parameters, message) => {
    const { status, stderr } = runCommand(...parameters);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
  });

  it('says so when its port is in use', async () => {
    const { emulator } = await start({ [FLAGS]: '{}' });
    const { status, stderr } = runCommand('emulate', '--port', new URL(emulator.url).port);
    expect(status).toBe(1);
    expect(stderr).toMatch(/is in use\. Choose another with --port/);
  });
});

describe('a folder with folders in it, as Windows needs it', () => {
  const IN_FOLDERS = 'shop/production/flags.json';

  it('serves application/environment/profile.json, and again on every save', async () => {
    const { emulator, read } = await start({
      [IN_FOLDERS]: '{"a": {"enabled": true}}',
      'shop/flags.json': '{}',
      'node_modules/package/package.json': '{}',
      '.git/refs/config.json': '{}',
    });
    expect((await read('shop/production/flags')).body).toBe('{"a": {"enabled": true}}');
    expect(emulator.output().match(/deployed: /g)).toHaveLength(1);
    expect(emulator.output()).toContain('ignored: shop/flags.json: a name is');
    emulator.save(IN_FOLDERS, '{"a": {"enabled": false}}');
    await emulator.hasWritten(
      /deployed: [^]*deployed: shop\/production\/flags from shop\/production/,
    );
    emulator.save('shop/staging/flags.json', '{"b": {"enabled": true}}');
    await emulator.hasWritten(/deployed: shop\/staging\/flags/);
    expect((await read('shop/production/flags')).body).toBe('{"a": {"enabled": false}}');
  });

  it('is left alone where the folder itself holds configurations', async () => {
    const { emulator } = await start({ [FLAGS]: '{}', 'archive/2024/flags.json': '{}' });
    expect(emulator.output().match(/deployed: /g)).toHaveLength(1);
  });

  it('gets what the control page deploys', async () => {
    const { emulator } = await start({ [IN_FOLDERS]: '{}' }, '--write');
    const name = { application: 'shop', environment: 'new', profile: 'settings' };
    await emulator.control('deploy', { ...name, content: '{"b": 1}' });
    await emulator.hasWritten(/written to shop\/new\/settings\.json/);
    expect(readFileSync(join(emulator.folder, 'shop/new/settings.json'), 'utf8')).toBe('{"b": 1}');
    for (const environment of ['..', 'a/../..', '.hidden']) {
      await emulator.control('deploy', { ...name, environment, content: '{}' });
    }
    await emulator.hasWritten(/(no file can have that name[^]*){3}/);
  });
});

describe('a folder that people work in', () => {
  it('deploys no backup of an editor, and says which file is not named as a configuration', async () => {
    const { emulator, read } = await start({
      [FLAGS]: '{}',
      [`${FLAGS}~`]: '{}',
      [`${FLAGS}.swp`]: 'x',
      [`#${FLAGS}#`]: '{}',
      'flags.json': '{}',
    });
    expect((await read('shop/production/flags')).status).toBe(200);
    expect(emulator.output().match(/deployed: /g)).toHaveLength(1);
    expect(emulator.output()).toContain(
      'ignored: flags.json: a name is application:environment:profile.json',
    );
  });

  it('says that what was deployed by hand differs from its file, and what overwrites it', async () => {
    const { emulator } = await start({ [FLAGS]: '{"a": {"enabled": true}}' });
    const name = { application: 'shop', environment: 'production', profile: 'flags' };
    await emulator.control('deploy', { ...name, content: '{"a": {"enabled": false}}' });
    await emulator.hasWritten(/by hand, version 2; .*flags.json differs from it/);
    emulator.save(FLAGS, '{"a": {"enabled": true}, "b": {"enabled": true}}');
    await emulator.hasWritten(/flags.json, in place of what was deployed by hand/);
    expect(emulator.output().match(/by hand, version 2/g)).toHaveLength(1);
  });

  it('saves it with --write', async () => {
    const { emulator } = await start({ [FLAGS]: '{}' }, '--write');
    const name = { application: 'shop', environment: 'production', profile: 'flags' };
    await emulator.control('deploy', { ...name, content: '{"a": {"enabled": false}}' });
    await emulator.hasWritten(/written to shop:production:flags.json/);
    expect(readFileSync(join(emulator.folder, FLAGS), 'utf8')).toBe('{"a": {"enabled": false}}');
    await emulator.control('deploy', { ...name, profile: 'new', content: '{}' });
    await emulator.hasWritten(/written to shop:production:new.json/);
    expect(readFileSync(join(emulator.folder, 'shop:production:new.json'), 'utf8')).toBe('{}');
  });

  it('runs the experiments of a file, and logs who is assigned what', async () => {
    const log = join(mkdtempSync(join(tmpdir(), 'assignments-')), 'log.jsonl');
    const experiment = {
      flag: 'a',
      control: { weight: 0, enabled: false },
      treatments: [{ weight: 1, enabled: true, attributeValues: { color: 'red' } }],
      exposurePercentage: 100,
    };
    const file = 'shop:production:flags.experiments.json';
    const { emulator, read } = await start(
      { [FLAGS]: '{"a": {"enabled": false}}', [file]: JSON.stringify([experiment]) },
      '--assignments',
      log,
    );
    const answer = await read('shop/production/flags?flag=a', { 'Entity-Id': 'jane' });
    expect(JSON.parse(answer.body)).toEqual({ _variant: '__t1__', enabled: true, color: 'red' });
    expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual({
      timestamp: expect.any(String),
      treatmentKey: 't1',
      entityId: 'jane',
    });
    emulator.save(file, JSON.stringify([{ ...experiment, exposurePercentage: 101 }]));
    await emulator.hasWritten(
      /not deployed: .*"exposurePercentage" must be a number from 0 to 100/,
    );
    emulator.remove(file);
    await emulator.hasWritten(/its experiments are stopped/);
    const after = await read('shop/production/flags?flag=a', { 'Entity-Id': 'jane' });
    expect(after.body).toBe('{"enabled":false}');
  });

  it('posts deployment events to a webhook, and retries what fails', async () => {
    const received: unknown[] = [];
    let attempts = 0;
    const webhook = createServer((request, response) => {
      void text(request).then((body) => {
        attempts += 1;
        response.statusCode = attempts === 1 ? 503 : 200;
        if (attempts > 1) received.push(JSON.parse(body));
        return response.end();
      });
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const address = webhook.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await start({ [FLAGS]: '{}' }, '--events', `http://127.0.0.1:${port}/events`);
    await vi.waitFor(() => expect(received).toHaveLength(3), { timeout: 30_000 });
    expect(received).toMatchObject([
      { 'detail-type': 'On Deployment Start', source: 'aws.appconfig' },
      { 'detail-type': 'On Deployment Baking' },
      { 'detail-type': 'On Deployment Complete' },
    ]);
    webhook.close();
  });

  it('prints commands that can be pasted, and an address that can be opened', async () => {
    const { emulator } = await start({ "my shop:it's:flags.json": '{}' }, '--host', '0.0.0.0');
    expect(emulator.output()).toContain("--application-identifier 'my shop'");
    expect(emulator.output()).toContain(`--environment-identifier 'it'\\''s'`);
    expect(emulator.output()).toMatch(/Control page: http:\/\/localhost:\d+\//);
  });

  it.each([
    [['--interval', '0'], /--interval takes a whole number from 1 to 86400/],
    [['--events', 'nowhere'], /--events takes an address/],
    [['--assignments', '/no/such/folder/log'], /--assignments: .*no such file/],
  ])('refuses %s', (options, message) => {
    const { status, stderr } = runCommand('emulate', '--port', '0', ...options);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('reports a path as it was sent', async () => {
    const { emulator } = await start({ [FLAGS]: '{}' });
    const response = await fetch(`${emulator.url}//configuration`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('//configuration');
  });
});
