import {
  queryOptions,
  type DataTag,
  type QueryKey,
  type UnusedSkipTokenOptions,
} from '@tanstack/react-query';
import { validate, type StandardSchema } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import type { CachedSnapshot } from './profileState.ts';
import type { ProfileDocument, ProfileName } from './register.ts';

/** The options of a query over a profile, for every API of TanStack Query that takes some. */
export type AppConfigQueryOptions<Document, Data = Document> = UnusedSkipTokenOptions<
  CachedSnapshot<Document>,
  AppConfigError,
  Data,
  QueryKey
> & { queryKey: DataTag<QueryKey, CachedSnapshot<Document>, AppConfigError> };

/**
 * A profile as TanStack Query's `queryOptions`: for `useQuery`, `useSuspenseQuery`, `prefetchQuery`
 * or a router's loader. It shares cache and session with the hooks of this package. Each `useQuery`
 * has a timer of its own: where many components read flags, the flag hooks are what scales.
 *
 * The cache holds the configuration with its version, `{ value, versionLabel, contentType, pollIntervalInSeconds }`; the
 * query's data is the document alone or, with a `schema`, what the schema makes of it.
 *
 * @example
 * const { data } = useQuery(appConfigQuery(useAppConfigClient(), 'site-settings'));
 *
 * @see https://tanstack.com/query/latest/docs/framework/react/guides/query-options
 */
export function appConfigQuery<Output>(
  client: Pick<AppConfigClient, 'profile'>,
  profile: ProfileName,
  options: { schema: StandardSchema<Output> },
): AppConfigQueryOptions<unknown, Output>;
export function appConfigQuery<Profile extends ProfileName>(
  client: Pick<AppConfigClient, 'profile'>,
  profile: Profile,
): AppConfigQueryOptions<ProfileDocument<Profile>>;
export function appConfigQuery(
  client: Pick<AppConfigClient, 'profile'>,
  profile: ProfileName,
  { schema }: { schema?: StandardSchema } = {},
): unknown {
  return queryOptions({
    ...client.profile(profile).queryOptions(),
    select: ({ value }) => (schema ? validate(value, schema) : value),
  });
}
