import type { AppConfigDataClient, AppConfigDataClientConfig } from '@aws-sdk/client-appconfigdata';
import { wasReset } from '../../session/index.ts';
import {
  createAppConfigDataSource,
  type AppConfigDataSource,
  type AppConfigDataSourceOptions,
} from './createAppConfigDataSource.ts';

/**
 * Configurations from AWS AppConfig through the AWS SDK. Give it a client, or what a client is made of.
 * The client's own retries go on for starting a session; a configuration token is never sent twice. A kept connection
 * that was reset, as while a process was frozen, costs a new session at once, once a poll.
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
  options?: AppConfigDataSourceOptions,
): AppConfigDataSource {
  const source = createAppConfigDataSource(clientOrConfig, options);
  return {
    ...source,
    async getLatestConfiguration(request, abortSignal) {
      try {
        return await source.getLatestConfiguration(request, abortSignal);
      } catch (thrown) {
        if (!(request.token && wasReset(thrown))) throw thrown;
        return source.getLatestConfiguration({ ...request, token: undefined }, abortSignal);
      }
    },
  };
}
