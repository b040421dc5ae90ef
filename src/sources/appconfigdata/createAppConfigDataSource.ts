import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
  type AppConfigDataClientConfig,
} from '@aws-sdk/client-appconfigdata';
import { InvalidArgumentError, type AppConfigOperation } from '../../errors/index.ts';
import type { ConfigurationRequest, ConfigurationSource } from '../../session/index.ts';
import { toRequestError } from './requestError.ts';
import { sendOnce, tellSending, unwrapNotRetried } from './sendOnce.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What may be set for {@link appConfigDataSource}. */
export interface AppConfigDataSourceOptions {
  /**
   * Part of the query key. Give it when one app reads the same identifiers through two clients that
   * region and endpoint do not tell apart, such as those of two accounts.
   * @default `appconfigdata`, with the region and the endpoint where they are given as text; a client hides its own
   */
  name?: string | undefined;
}

/** A `ConfigurationSource` over AWS's data API; this package's name for it, so that an app's modules may export one. */
export interface AppConfigDataSource extends ConfigurationSource {}

/** An {@link AppConfigDataSource} that leaves resets to its session, as a page does: browsers mend them themselves. */
export function createAppConfigDataSource(
  clientOrConfig: AppConfigDataClient | AppConfigDataClientConfig,
  { name }: AppConfigDataSourceOptions = {},
): AppConfigDataSource {
  const client = isClient(clientOrConfig)
    ? clientOrConfig
    : new AppConfigDataClient(clientOrConfig);

  async function startConfigurationSession(
    request: ConfigurationRequest,
    abortSignal: AbortSignal,
  ): Promise<string | undefined> {
    const command = new StartConfigurationSessionCommand({
      ApplicationIdentifier: request.application,
      EnvironmentIdentifier: request.environment,
      ConfigurationProfileIdentifier: request.profile,
      RequiredMinimumPollIntervalInSeconds: request.requiredMinimumPollIntervalInSeconds,
    });
    const output = await send('StartConfigurationSession', (onSend) =>
      client.send(tellSending(command, onSend), { abortSignal }),
    );
    return output.InitialConfigurationToken;
  }

  return {
    name: name ?? nameOf(clientOrConfig),
    hasDefaultName: name === undefined,
    async getLatestConfiguration(request, abortSignal) {
      assertNoAudience(request);
      const ConfigurationToken =
        request.token ?? (await startConfigurationSession(request, abortSignal));
      if (abortSignal.aborted) throw abortSignal.reason;
      // Without a token this is not AppConfig: the session reports it, and asks again later.
      if (!ConfigurationToken) {
        return {
          configuration: new Uint8Array(),
          nextToken: undefined,
          nextPollIntervalInSeconds: undefined,
        };
      }
      const command = new GetLatestConfigurationCommand({ ConfigurationToken });
      const output = await send('GetLatestConfiguration', (onSend) =>
        client.send(sendOnce(command, onSend), { abortSignal }),
      );
      return {
        configuration: output.Configuration ?? new Uint8Array(),
        nextToken: output.NextPollConfigurationToken,
        nextPollIntervalInSeconds: output.NextPollIntervalInSeconds,
        versionLabel: output.VersionLabel,
        contentType: output.ContentType,
      };
    },
  };
}

/** @throws InvalidArgumentError for a context or an entity, which would be ignored in silence. */
function assertNoAudience({ context = {}, entityId }: ConfigurationRequest): void {
  if (entityId === undefined && Object.keys(context).length === 0) return;
  throw new InvalidArgumentError(
    process.env.NODE_ENV !== 'production' &&
      "AWS AppConfig's data API evaluates neither context nor entityId. Read through the AppConfig Agent or the server handler, with agentSource, or leave them out.",
  );
}

/** Makes a call that reports when its request leaves, and converts its failure. */
async function send<Output>(
  operation: AppConfigOperation,
  call: (onSend: () => void) => Promise<Output>,
): Promise<Output> {
  let wasSent = false;
  try {
    return await call(() => {
      wasSent = true;
    });
  } catch (error) {
    throw toRequestError(unwrapNotRetried(error), operation, wasSent);
  }
}

/** By its shape, so that a client of another copy of the SDK is a client too. */
function isClient(
  value: AppConfigDataClient | AppConfigDataClientConfig,
): value is AppConfigDataClient {
  return 'send' in value && 'middlewareStack' in value;
}

/** Two regions hold different data: their names differ, as far as the options tell at once. */
function nameOf(clientOrConfig: AppConfigDataClient | AppConfigDataClientConfig): string {
  const known = isClient(clientOrConfig) ? [] : [clientOrConfig.region, clientOrConfig.endpoint];
  return ['appconfigdata', ...known.filter((value) => typeof value === 'string')].join(' ');
}
