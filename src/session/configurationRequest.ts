import { InvalidArgumentError } from '../errors/index.ts';
import type { ConfigurationIdentifiers, ConfigurationRequest } from './configurationSource.ts';

const MAX_IDENTIFIER_LENGTH = 128;
const MIN_INTERVAL_IN_SECONDS = 15;
/** AWS's longest interval between two polls. */
export const MAX_INTERVAL_IN_SECONDS = 86_400;

/** What a request needs to be given; the token comes from the answers. */
export type ConfigurationRequestOptions = ConfigurationIdentifiers &
  Pick<ConfigurationRequest, 'requiredMinimumPollIntervalInSeconds'>;

/**
 * Checks what a session is about to ask for against AWS's limits, and returns it alone.
 *
 * @throws InvalidArgumentError that names the parameter and its limit.
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html
 */
export function toConfigurationRequest({
  application,
  environment,
  profile,
  requiredMinimumPollIntervalInSeconds,
}: ConfigurationRequestOptions): ConfigurationRequest {
  const identifiers = { application, environment, profile };
  for (const [name, value] of Object.entries<unknown>(identifiers)) {
    const length = typeof value === 'string' ? value.length : undefined;
    if (!length || length > MAX_IDENTIFIER_LENGTH) {
      throw new InvalidArgumentError(
        `${name} must be an id or a name of 1 to ${MAX_IDENTIFIER_LENGTH} characters, not ${length ?? String(value)}. Take it from the AppConfig console.`,
        { profile },
      );
    }
  }
  const interval = requiredMinimumPollIntervalInSeconds;
  if (interval === undefined) return identifiers;
  if (
    !Number.isInteger(interval) ||
    interval < MIN_INTERVAL_IN_SECONDS ||
    interval > MAX_INTERVAL_IN_SECONDS
  ) {
    throw new InvalidArgumentError(
      `requiredMinimumPollIntervalInSeconds must be a whole number from ${MIN_INTERVAL_IN_SECONDS} to ${MAX_INTERVAL_IN_SECONDS}, not ${interval}. Leave it out for the service's own.`,
      { profile },
    );
  }
  return { ...identifiers, requiredMinimumPollIntervalInSeconds: interval };
}
