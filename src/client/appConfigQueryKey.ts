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
  who: EvaluationContext = {},
): QueryKey {
  return ['appconfig', source.name, application, environment, profile, toEvaluationContext(who)];
}
