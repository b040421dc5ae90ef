import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { AppConfigProvider } from '@aws-lambda-powertools/parameters/appconfig';
import {
  AppConfigDataClient,
  BadRequestException,
  GetLatestConfigurationCommand,
  ResourceNotFoundException,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEmulate, type RunningEmulator } from '../support/runEmulate.ts';

const ON = '{"dark-mode":{"enabled":true}}';
const OFF = '{"dark-mode":{"enabled":false}}';
const FILE = 'shop:production:flags.json';
const NAME = {
  ApplicationIdentifier: 'shop',
  EnvironmentIdentifier: 'production',
  ConfigurationProfileIdentifier: 'flags',
};
const EXPIRED = { InvalidParameters: { ConfigurationToken: { Problem: 'Expired' } } };
const DEPLOYMENT = { application: 'shop', environment: 'production', profile: 'flags' };
const SECONDS = 1_000;

const run = promisify(execFile);
const works = (command: string, ...parameters: string[]) =>
  spawnSync(command, parameters, { stdio: 'ignore' }).status === 0;
const python = ['/usr/bin/python3', 'python3'].find((path) => works(path, '-c', 'import boto3'));
const hasAwsCli = works('aws', '--version');
const skipped = (name: string, packageName: string) =>
  process.stdout.write(`Skipped: ${name} is not installed (Debian's package ${packageName}).\n`);
if (!python) skipped('boto3', 'python3-boto3');
if (!hasAwsCli) skipped('the AWS CLI', 'awscli');

let emulator: RunningEmulator;
beforeEach(async () => {
  // Polls may follow each other at once: no client's clock can be moved from here.
  emulator = await runEmulate({ [FILE]: ON }, '--interval', '1', '--quiet');
});
/** Moves the emulator's clock past the poll interval. */
const passInterval = () => emulator.control('advance', { ms: 1_000 });
afterEach(async () => {
  await emulator.stop();
});

const createClient = () =>
  new AppConfigDataClient({
    endpoint: emulator.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail('It was not refused.'),
    (error: unknown) => error,
  );
}

describe("AWS's own clients on `react-appconfig emulate`", () => {
  it('serves the AWS SDK for JavaScript', async () => {
    const client = createClient();
    const start = (change: object = {}) =>
      client.send(new StartConfigurationSessionCommand({ ...NAME, ...change }));
    let { InitialConfigurationToken: token } = await start();
    const poll = async () => {
      await passInterval();
      const answer = await client.send(
        new GetLatestConfigurationCommand({ ConfigurationToken: token }),
      );
      token = answer.NextPollConfigurationToken;
      expect(answer.ContentType).toBe('application/json');
      // The SDK leaves an empty body undefined.
      return answer.Configuration?.transformToString() ?? '';
    };
    expect([await poll(), await poll(), await poll()]).toEqual([ON, '', '']);
    emulator.save(FILE, OFF);
    await emulator.hasWritten(/deployed: shop.*\n[^]*deployed: shop/);
    expect(await poll()).toBe(OFF);
    await emulator.control('expire-sessions');
    const expired = await errorOf(poll());
    expect(expired).toBeInstanceOf(BadRequestException);
    expect(expired).toMatchObject({ Reason: 'InvalidParameters', Details: EXPIRED });
    const unknown = await errorOf(start({ ConfigurationProfileIdentifier: 'unknown' }));
    expect(unknown).toBeInstanceOf(ResourceNotFoundException);
    expect(unknown).toMatchObject({ ResourceType: 'ConfigurationProfile' });
    const bad = await errorOf(start({ RequiredMinimumPollIntervalInSeconds: 14 }));
    expect(bad).toBeInstanceOf(BadRequestException);
  });

  it('serves the AWS SDK that is pointed at it by the environment alone', async () => {
    const script = `
      import { AppConfigDataClient, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
      const answer = await new AppConfigDataClient().send(new StartConfigurationSessionCommand(${JSON.stringify(NAME)}));
      console.log(answer.InitialConfigurationToken);`;
    const exported = Object.fromEntries(
      [...emulator.output().matchAll(/(AWS_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
    );
    const { stdout } = await run(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script],
      { env: { PATH: process.env['PATH'], ...exported } },
    );
    expect(stdout).toMatch(/^emulator-1-1-/);
  });

  it("serves Powertools' reader of the Agent", async () => {
    const script = `
      import { getConfig } from '@aws-lambda-powertools/parameters/appconfig-agent';
      const options = { application: 'shop', environment: 'production', transform: 'json' };
      console.log(JSON.stringify(await getConfig('flags', options)));`;
    const { stdout } = await run(
      process.execPath,
      ['--no-warnings', '--input-type=module', '-e', script],
      {
        env: {
          PATH: process.env['PATH'],
          // Outside Lambda it does not read the Agent.
          AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
          AWS_APPCONFIG_EXTENSION_HTTP_PORT: new URL(emulator.url).port,
        },
      },
    );
    expect(JSON.parse(stdout)).toEqual(JSON.parse(ON));
  });

  it("serves Powertools' AppConfig provider", async () => {
    const provider = new AppConfigProvider({
      application: 'shop',
      environment: 'production',
      awsSdkV3Client: createClient(),
    });
    const read = async (name = 'flags') => {
      await passInterval();
      return provider.get(name, { forceFetch: true, transform: 'json' });
    };
    const on = { 'dark-mode': { enabled: true } };
    expect([await read(), await read(), await read()]).toEqual([on, on, on]);
    await emulator.control('deploy', { ...DEPLOYMENT, content: OFF });
    expect(await read()).toEqual({ 'dark-mode': { enabled: false } });
    await emulator.control('expire-sessions');
    expect(await errorOf(read())).toMatchObject({
      cause: { name: 'BadRequestException', Details: EXPIRED },
    });
    expect(await errorOf(read('unknown'))).toMatchObject({
      cause: { name: 'ResourceNotFoundException', ResourceType: 'ConfigurationProfile' },
    });
    const impatient = provider.get('settings', {
      forceFetch: true,
      sdkOptions: { RequiredMinimumPollIntervalInSeconds: 14 },
    });
    expect(await errorOf(impatient)).toMatchObject({ cause: { name: 'BadRequestException' } });
  });

  it.skipIf(!python)(
    'serves boto3',
    async () => {
      const script = 'test/emulator/clients/boto3Client.py';
      const { stdout } = await run(python ?? '', [script, emulator.url]);
      const poll = { contentType: 'application/json', interval: 1 };
      expect(JSON.parse(stdout)).toEqual({
        polls: [
          { ...poll, configuration: ON },
          { ...poll, configuration: '' },
          { ...poll, configuration: '' },
        ],
        changed: { ...poll, configuration: OFF },
        expired: {
          type: 'BadRequestException',
          Reason: 'InvalidParameters',
          Details: EXPIRED,
          ResourceType: null,
        },
        unknown: {
          type: 'ResourceNotFoundException',
          Reason: null,
          Details: null,
          ResourceType: 'ConfigurationProfile',
        },
        badInterval: expect.objectContaining({ type: 'BadRequestException' }),
      });
    },
    60 * SECONDS,
  );

  it.skipIf(!hasAwsCli)(
    'serves the AWS CLI',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
      const aws = async (...parameters: string[]): Promise<Record<string, unknown>> => {
        const { stdout } = await run(
          'aws',
          ['appconfigdata', ...parameters, '--endpoint-url', emulator.url, '--output', 'json'],
          {
            env: {
              ...process.env,
              AWS_REGION: 'us-east-1',
              AWS_DEFAULT_REGION: 'us-east-1',
              AWS_ACCESS_KEY_ID: 'any',
              AWS_SECRET_ACCESS_KEY: 'any',
              AWS_MAX_ATTEMPTS: '1',
            },
          },
        );
        return JSON.parse(stdout);
      };
      const start = (profile = 'flags', ...more: string[]) =>
        aws(
          'start-configuration-session',
          '--application-identifier',
          'shop',
          '--environment-identifier',
          'production',
          '--configuration-profile-identifier',
          profile,
          ...more,
        );
      let token = String((await start())['InitialConfigurationToken']);
      const poll = async () => {
        await passInterval();
        const file = join(folder, 'configuration');
        const answer = await aws('get-latest-configuration', '--configuration-token', token, file);
        token = String(answer['NextPollConfigurationToken']);
        expect(answer['ContentType']).toBe('application/json');
        return readFileSync(file, 'utf8');
      };
      const refusal = async (call: Promise<unknown>) =>
        String(Reflect.get(Object(await errorOf(call)), 'stderr'));
      expect([await poll(), await poll(), await poll()]).toEqual([ON, '', '']);
      await emulator.control('deploy', { ...DEPLOYMENT, content: OFF });
      expect(await poll()).toBe(OFF);
      await emulator.control('expire-sessions');
      expect(await refusal(poll())).toMatch(/\(BadRequestException\).*expired/);
      expect(await refusal(start('unknown'))).toMatch(/\(ResourceNotFoundException\)/);
      // The CLI itself refuses an interval that the service's model forbids.
      const badInterval = start('flags', '--required-minimum-poll-interval-in-seconds', '14');
      expect(await refusal(badInterval)).toMatch(/valid min value: 15|BadRequestException/);
      rmSync(folder, { recursive: true });
    },
    120 * SECONDS,
  );
});
