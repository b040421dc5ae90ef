import { InvalidArgumentError } from '../errors/index.ts';
import type {
  ConfigurationIdentifiers,
  ConfigurationRequest,
  EvaluationContext,
} from './configurationSource.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const MAX_IDENTIFIER_LENGTH = 128;
const MAX_ENTITY_ID_BYTES = 2_048;
/** What has a text that rules can look at; what is null or undefined is left out. */
const WRITABLE: ReadonlySet<string> = new Set(['string', 'number', 'boolean']);
const MIN_INTERVAL_IN_SECONDS = 15;
/** AWS's longest interval between two polls. */
export const MAX_INTERVAL_IN_SECONDS = 86_400;

/** What a request needs to be given; the token comes from the answers. */
export interface ConfigurationRequestOptions
  extends Omit<ConfigurationRequest, 'token' | 'entityId' | 'context'>, EvaluationContext {}

/**
 * What a session is about to ask for, and nothing else of what it was given.
 *
 * @throws InvalidArgumentError in development, for what is outside AWS's limits: it names the parameter and its limit.
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html
 */
export function toConfigurationRequest({
  application,
  environment,
  profile,
  requiredMinimumPollIntervalInSeconds: interval,
  flagKeys,
  ...given
}: ConfigurationRequestOptions): ConfigurationRequest {
  const identifiers = { application, environment, profile };
  if (process.env.NODE_ENV !== 'production') {
    assertIdentifiers(identifiers, interval);
    assertEvaluationContext(given);
  }
  return {
    ...identifiers,
    requiredMinimumPollIntervalInSeconds: interval,
    ...toEvaluationContext(given),
    flagKeys,
  };
}

/** What AWS refuses in any case: found in development, before it is asked. */
function assertIdentifiers(
  identifiers: ConfigurationIdentifiers,
  interval: number | undefined,
): void {
  const { profile } = identifiers;
  for (const [name, value] of Object.entries<unknown>({ ...identifiers })) {
    const length = typeof value === 'string' ? value.length : undefined;
    if (!length || length > MAX_IDENTIFIER_LENGTH) {
      throw new InvalidArgumentError(
        process.env.NODE_ENV !== 'production' &&
          `${name} must be an id or a name of 1 to ${MAX_IDENTIFIER_LENGTH} characters, not ${length ?? String(value)}. Take it from the AppConfig console.`,
        { profile },
      );
    }
  }
  if (
    interval !== undefined &&
    !(
      Number.isInteger(interval) &&
      interval >= MIN_INTERVAL_IN_SECONDS &&
      interval <= MAX_INTERVAL_IN_SECONDS
    )
  ) {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `requiredMinimumPollIntervalInSeconds must be a whole number from ${MIN_INTERVAL_IN_SECONDS} to ${MAX_INTERVAL_IN_SECONDS}, not ${interval}. Leave it out for the service's own.`,
      { profile },
    );
  }
}

/**
 * Who asks, as a source needs it: without what is null or undefined, as an app has it that knows nothing yet, and with
 * numbers and booleans as their text; empty for everybody.
 */
export function toEvaluationContext({
  entityId,
  context,
}: EvaluationContext): Pick<ConfigurationRequest, 'entityId' | 'context'> {
  const known = Object.entries(context ?? {})
    .filter(([, value]) => (value ?? undefined) !== undefined)
    .map(([key, value]) => [key, String(value)]);
  return {
    ...(entityId !== undefined && { entityId }),
    ...(known.length > 0 && { context: Object.fromEntries(known) }),
  };
}

/** Whether an answer does not depend on who asks. */
export function isForEverybody({ entityId, context = {} }: EvaluationContext): boolean {
  return entityId === undefined && Object.keys(context).length === 0;
}

/** @throws InvalidArgumentError that names the member and what it must be. */
export function assertEvaluationContext({ entityId, context }: EvaluationContext): void {
  if (
    entityId !== undefined &&
    !(typeof entityId === 'string' && entityId && byteLength(entityId) <= MAX_ENTITY_ID_BYTES)
  ) {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `entityId must be a string of 1 to ${MAX_ENTITY_ID_BYTES} bytes. Omit it for anonymous users.`,
    );
  }
  const wrong = Object.entries<unknown>(context ?? {}).find(
    ([, value]) => !WRITABLE.has(typeof (value ?? '')),
  );
  if (wrong) {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `context["${wrong[0]}"] must be a string, a number or a boolean, not ${typeof wrong[1]}. The Agent's rules compare with nothing else.`,
    );
  }
}

/** Of the text as UTF-8. */
function byteLength(text: string): number {
  // Every byte beyond ASCII becomes three characters.
  return encodeURIComponent(text).replace(/%../g, '%').length;
}
