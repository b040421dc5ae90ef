import { InvalidArgumentError } from '../errors/index.ts';
import type { StartConfigurationSessionInput } from './configurationSource.ts';

const LONGEST_IDENTIFIER = 128;
const SHORTEST_INTERVAL_IN_SECONDS = 15;
/** AWS's longest interval between two polls. */
export const LONGEST_INTERVAL_IN_SECONDS = 86_400;

/**
 * Checks what a session is about to be started with against AWS's limits, and returns it alone.
 *
 * @throws InvalidArgumentError that names the parameter and its limit.
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html
 */
export function checkStartInput({
  application,
  environment,
  profile,
  requiredMinimumPollIntervalInSeconds,
}: StartConfigurationSessionInput): StartConfigurationSessionInput {
  const identifiers = { application, environment, profile };
  for (const [name, value] of Object.entries<unknown>(identifiers)) {
    const length = typeof value === 'string' ? value.length : undefined;
    if (!length || length > LONGEST_IDENTIFIER) {
      throw new InvalidArgumentError(
        `${name} must be an id or a name of 1 to ${LONGEST_IDENTIFIER} characters, not ${length ?? String(value)}. Take it from the AppConfig console.`,
        { profile },
      );
    }
  }
  const interval = requiredMinimumPollIntervalInSeconds;
  if (
    interval !== undefined &&
    !(
      Number.isInteger(interval) &&
      interval >= SHORTEST_INTERVAL_IN_SECONDS &&
      interval <= LONGEST_INTERVAL_IN_SECONDS
    )
  ) {
    throw new InvalidArgumentError(
      `requiredMinimumPollIntervalInSeconds must be a whole number from ${SHORTEST_INTERVAL_IN_SECONDS} to ${LONGEST_INTERVAL_IN_SECONDS}, not ${interval}. Leave it out for the service's own.`,
      { profile },
    );
  }
  return { ...identifiers, requiredMinimumPollIntervalInSeconds };
}
