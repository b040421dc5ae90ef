import type { QueryKey } from '@tanstack/react-query';
import type { ConfigurationSource } from '../session/index.ts';

/** Who asks, where a source evaluates flags for an entity or a context. */
export interface QueryEvaluationContext {
  readonly entityId?: string | undefined;
  readonly context?: Readonly<Record<string, string>> | undefined;
}

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
  who: QueryEvaluationContext = {},
): QueryKey {
  return ['appconfig', source.name, application, environment, profile, who];
}
