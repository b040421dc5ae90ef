import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
  type AppConfigDataClientConfig,
} from '@aws-sdk/client-appconfigdata';
import type { ConfigurationSource } from '../../session/index.ts';
import { toRequestError } from './requestError.ts';
import { sendOnce, unwrapNotRetried } from './sendOnce.ts';

/** What may be set for {@link appConfigDataSource}. */
export interface AppConfigDataSourceOptions {
  /**
   * Part of the query key. Give it when one app reads the same identifiers through two clients, of
   * two regions or accounts.
   * @default 'appconfigdata'
   */
  name?: string | undefined;
}

/**
 * Configurations from AWS AppConfig through the AWS SDK. Give it a client, or what a client is made of.
 * The client's own retries go on for starting a session; a configuration token is never sent twice.
 *
 * Make it once, outside of components: another source means another session.
 *
 * @example
 * const source = appConfigDataSource({ region: 'eu-central-1', credentials });
 *
 * @see https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/appconfigdata/
 */
export function appConfigDataSource(
  clientOrConfig: AppConfigDataClient | AppConfigDataClientConfig,
  { name = 'appconfigdata' }: AppConfigDataSourceOptions = {},
): ConfigurationSource {
  const client = isClient(clientOrConfig)
    ? clientOrConfig
    : new AppConfigDataClient(clientOrConfig);
  return {
    name,
    async startConfigurationSession(input, abortSignal) {
      const command = new StartConfigurationSessionCommand({
        ApplicationIdentifier: input.application,
        EnvironmentIdentifier: input.environment,
        ConfigurationProfileIdentifier: input.profile,
        RequiredMinimumPollIntervalInSeconds: input.requiredMinimumPollIntervalInSeconds,
      });
      try {
        return (await client.send(command, { abortSignal })).InitialConfigurationToken;
      } catch (error) {
        throw toRequestError(error, 'StartConfigurationSession');
      }
    },
    async getLatestConfiguration(configurationToken, abortSignal) {
      const command = new GetLatestConfigurationCommand({ ConfigurationToken: configurationToken });
      try {
        const output = await client.send(sendOnce(command), { abortSignal });
        return {
          configuration: output.Configuration ?? new Uint8Array(),
          nextPollConfigurationToken: output.NextPollConfigurationToken,
          nextPollIntervalInSeconds: output.NextPollIntervalInSeconds,
          versionLabel: output.VersionLabel,
          contentType: output.ContentType,
        };
      } catch (error) {
        throw toRequestError(unwrapNotRetried(error), 'GetLatestConfiguration');
      }
    },
  };
}

/** By its shape, so that a client of another copy of the SDK is a client too. */
function isClient(
  value: AppConfigDataClient | AppConfigDataClientConfig,
): value is AppConfigDataClient {
  return 'send' in value && 'middlewareStack' in value;
}
