import type { QueryKey } from '@tanstack/react-query';
import type { ConfigurationSource, EvaluationContext } from '../session/index.ts';

/**
 * The key of a profile in the query cache, for `invalidateQueries`, `getQueryData` and persisters. What
 * is cached under it is a `ConfigurationSnapshot`: `{ value, versionLabel, contentType }`.
 *
 * @example
 * queryClient.getQueryData(appConfigQueryKey(source, 'shop', 'production', 'flags'));
 */
export function appConfigQueryKey(
  source: Pick<ConfigurationSource, 'name'>,
  application: string,
  environment: string,
  profile: string,
  { entityId, context = {} }: EvaluationContext = {},
): QueryKey {
  const isContextKnown = Object.keys(context).length > 0;
  const who = {
    ...(entityId !== undefined && { entityId }),
    ...(isContextKnown && { context }),
  };
  return ['appconfig', source.name, application, environment, profile, who];
}
