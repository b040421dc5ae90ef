import { MAX_INTERVAL_IN_SECONDS } from '../emulator/deployments/index.ts';
import { createEmulator, type Emulator } from '../emulator/index.ts';
import { serveEmulator } from '../emulator/node/index.ts';
import { multiVariantFlags } from '../emulator/variants/index.ts';
import { CommandError } from './commandError.ts';
import { serveFolder } from './configurationFolder.ts';
import { readFaultOption } from './faultOption.ts';
import { logAssignments } from './assignmentLog.ts';
import { parseOptions } from './parseOptions.ts';
import { logRequests } from './requestLog.ts';
import { sendEvents } from './sendEvents.ts';
import { timeOfDay } from './timeOfDay.ts';
import { toPrintable } from './toPrintable.ts';

export const EMULATE_HELP = `react-appconfig emulate [folder]

AWS AppConfig on this machine: the data API and the AppConfig Agent's route on one port, and a page to
control them at /. The folder holds one file a configuration, named as the Agent's local development
mode wants them, and is read again on every save:

  shop:production:flags.json                                      JSON; feature flags as stored or as delivered
  shop:production:flags.application%ion%type=AWS.AppConfig.FeatureFlags   multi-variant flags in Amazon Ion
  shop:production:settings.yaml                                   YAML (.yml, .txt, .type%subtype, or none for bytes)

  shop:production:flags.experiments.json                          a list of experiments on the flags of that profile

The same in folders, for Windows, which has no colon in names: shop/production/flags.json

  --write          saves to the folder what the control page deploys
  --events URL     posts what EventBridge would receive of each deployment
  --assignments FILE  appends a line of JSON for each treatment that was answered, as the Agent does
  --port N         the port (2772, as the Agent's)
  --host ADDRESS   the address to listen at (127.0.0.1)
  --interval N     seconds between two polls of a session that asks for none, 1 or more (60; AWS takes no less than 15)
  --faults SHARE   what goes wrong: 5% of the requests in any way, or 5%:429,500,503,403,reset,slow,expired,garbage
  --token TEXT     lets other machines control it, with this token
  --quiet          does not log requests
`;

const DEFAULT_PORT = 2772;
const MAX_EVENT_LENGTH = 3_000;
const DEMO = {
  application: 'demo',
  environment: 'local',
  profile: 'flags',
  content: JSON.stringify(
    {
      version: '1',
      flags: {
        'dark-mode': { name: 'Dark mode' },
        checkout: {
          name: 'Checkout',
          attributes: {
            'max-items': { constraints: { type: 'number', minimum: 1, maximum: 100 } },
          },
        },
        greeting: { name: 'Greeting' },
      },
      values: {
        'dark-mode': { enabled: true },
        checkout: { enabled: true, 'max-items': 20 },
        greeting: {
          _variants: [
            {
              name: 'Kiwi',
              enabled: true,
              rule: '(eq $country "NZ")',
              attributeValues: { text: 'Kia ora' },
            },
            { name: 'Default', enabled: true, attributeValues: { text: 'Hello' } },
          ],
        },
      },
    },
    null,
    2,
  ),
} as const;

/**
 * Runs the emulator until the process ends.
 *
 * @throws CommandError for options and folders that cannot be used.
 */
export async function emulate(parameters: readonly string[]): Promise<void> {
  const options = readOptions(parameters);
  const { folder, port, host, interval, faults, token, quiet, write, events, assignments } =
    options;
  const emulator = createEmulator({ multiVariantFlags, pollIntervalInSeconds: interval });
  const early: string[] = [];
  let isUp = false;
  const tell = (text: string) => {
    const line = toPrintable(text, MAX_EVENT_LENGTH);
    if (isUp) say(`${timeOfDay(Date.now())}  ${line}`);
    else early.push(line);
  };
  if (events !== undefined) sendEvents(emulator, events, tell);
  if (assignments !== undefined) logAssignments(emulator, assignments);
  if (folder === undefined) emulator.deploy(DEMO);
  else await serveFolder(emulator, { folder, isWritten: write, tell });
  const { url } = await listen(emulator, { port, host, control: token ? { token } : true });
  for (const fault of faults) emulator.inject(fault);
  // A server that listens on all addresses is opened as localhost.
  const shownUrl = url.replace(/\/\/(0\.0\.0\.0|\[::\]):/, '//localhost:');
  say(describeStart({ url: shownUrl, folder, token, emulator, events: early }));
  isUp = true;
  if (!quiet) logRequests(emulator, say);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function listen(emulator: Emulator, options: Parameters<typeof serveEmulator>[1]) {
  try {
    return await serveEmulator(emulator, options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const reason = code === 'EADDRINUSE' ? 'it is in use' : String(error);
    throw new CommandError(
      `Port ${options?.port} of ${options?.host} cannot be used: ${reason}. Choose another with --port.`,
    );
  }
}

function readOptions(parameters: readonly string[]) {
  const { values, positionals } = parseOptions(
    parameters,
    {
      port: { type: 'string' },
      host: { type: 'string' },
      interval: { type: 'string' },
      faults: { type: 'string' },
      token: { type: 'string' },
      quiet: { type: 'boolean' },
      write: { type: 'boolean' },
      events: { type: 'string' },
      assignments: { type: 'string' },
    },
    EMULATE_HELP,
  );
  if (positionals.length > 1) throw new CommandError('One folder at most can be emulated.');
  return {
    folder: positionals[0],
    port: readNumber('port', values.port, 0, 65_535) ?? DEFAULT_PORT,
    host: values.host ?? '127.0.0.1',
    interval: readNumber('interval', values.interval, 1, MAX_INTERVAL_IN_SECONDS),
    faults: values.faults === undefined ? [] : readFaultOption(values.faults),
    token: values.token,
    quiet: values.quiet ?? false,
    write: values.write ?? false,
    events: readUrl(values.events),
    assignments: values.assignments,
  };
}

/** @throws CommandError */
function readNumber(
  name: string,
  value: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= least && number <= most) return number;
  throw new CommandError(
    `--${name} takes a whole number from ${least} to ${most}, not "${value}".`,
  );
}

/** @throws CommandError */
function readUrl(value: string | undefined): string | undefined {
  const isUrl = value === undefined || (/^https?:\/\//.test(value) && URL.canParse(value));
  if (isUrl) return value;
  throw new CommandError('--events takes an address such as http://localhost:3000/events.');
}

/** A word of a command line, quoted where a shell would take it apart. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function describeStart({
  url,
  folder,
  token,
  emulator,
  events,
}: {
  url: string;
  folder: string | undefined;
  token: string | undefined;
  emulator: Emulator;
  events: readonly string[];
}): string {
  const [first] = emulator.configurations;
  const { application, environment, profile } = first ?? DEMO;
  const route = [application, environment, profile].map(encodeURIComponent);
  return `AWS AppConfig, emulated: ${url}
Control page: ${url}/${token ? `#token=${encodeURIComponent(token)}` : ''}
${folder === undefined ? '  demo/local/flags, made up: name a folder to serve your own' : events.map((event) => `  ${event}`).join('\n') || `  no configuration in ${folder} yet: save one as application:environment:profile.json`}

Point AWS's clients at it:
  export AWS_ENDPOINT_URL_APPCONFIGDATA=${url}
  export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any

  new AppConfigDataClient({ endpoint: '${url}' })                # JavaScript
  boto3.client('appconfigdata', endpoint_url='${url}')           # Python
  aws appconfigdata start-configuration-session --endpoint-url ${url} \\
    --application-identifier ${quote(application)} --environment-identifier ${quote(environment)} --configuration-profile-identifier ${quote(profile)}

Or read it as from the AppConfig Agent:
  curl -H 'Context: userId=1' '${url}/applications/${route[0]}/environments/${route[1]}/configurations/${route[2]}'
`;
}
