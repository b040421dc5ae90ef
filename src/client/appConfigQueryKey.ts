import type { QueryKey } from '@tanstack/react-query';
import {
  toEvaluationContext,
  type ConfigurationSource,
  type EvaluationContext,
} from '../session/index.ts';

/**
 * The key of a profile in the query cache, for `invalidateQueries`, `getQueryData` and persisters. What
 * is cached under it is a `CachedSnapshot`: `{ value, versionLabel, contentType, pollIntervalInSeconds }`.
 *
 * @example
 * queryClient.getQueryData(appConfigQueryKey(source, 'shop', 'production', 'flags'));
 */
export function appConfigQueryKey(
  source: Pick<ConfigurationSource, 'name'>,
  application: string,
  environment: string,
  profile: string,
  given: EvaluationContext = {},
): QueryKey {
  const { entityId, context = {} } = toEvaluationContext(given);
  const isContextKnown = Object.keys(context).length > 0;
  const who = {
    ...(entityId !== undefined && { entityId }),
    ...(isContextKnown && { context }),
  };
  return ['appconfig', source.name, application, environment, profile, who];
}
