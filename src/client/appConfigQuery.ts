import {
  hashKey,
  queryOptions,
  type DataTag,
  type QueryClient,
  type QueryKey,
  type UnusedSkipTokenOptions,
} from '@tanstack/react-query';
import { validate, type StandardSchema } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import { createCheck } from './check.ts';
import { perObject } from './memoize.ts';
import type { ProfileQueryOptions } from './profileQueryOptions.ts';
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
 * query's data is the document alone or, with a `schema`, what the schema makes of it. `fetchQuery` and
 * `ensureQueryData`, which select nothing, resolve with what the cache holds, or reject if the schema refuses it.
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
  const options = client.profile(profile).queryOptions();
  return schema
    ? validatedOptionsOf(options)(schema)
    : queryOptions({ ...options, select: ({ value }) => value });
}

/** One for each schema of a query, so that `useQuery` selects once a version. */
const validatedOptionsOf = /* @__PURE__ */ perObject((options: ProfileQueryOptions) =>
  perObject((schema: StandardSchema) => createValidatedOptions(options, schema)),
);

function createValidatedOptions(options: ProfileQueryOptions, schema: StandardSchema) {
  const { queryKey } = options;
  const check = createCheck(String(queryKey.at(-2)), (value) => validate(value, schema));
  return queryOptions({
    ...options,
    // Of what `fetchQuery`, `prefetchQuery` and `ensureQueryData` bring, nothing is selected.
    async queryFn({ client }) {
      const snapshot = await options.queryFn();
      const { error } = check(snapshot.value);
      if (!error) return snapshot;
      keepForOthers(client, queryKey, snapshot, error);
      throw error;
    },
    // They hand out what is fresh in the cache without asking, so what fails is not fresh.
    staleTime: ({ state: { data } }) => (data && check(data.value).error ? 0 : options.staleTime()),
    select({ value }) {
      const checked = check(value);
      if (checked.error) throw checked.error;
      return checked.document;
    },
  });
}

/** For those who read the same document without this schema, the poll went well. */
function keepForOthers(
  queryClient: QueryClient,
  queryKey: QueryKey,
  snapshot: CachedSnapshot,
  error: AppConfigError,
): void {
  const hash = hashKey(queryKey);
  const stop = queryClient.getQueryCache().subscribe(({ query: { queryHash, state } }) => {
    if (queryHash !== hash || state.fetchStatus === 'fetching') return;
    stop();
    if (state.error === error) queryClient.setQueryData(queryKey, snapshot);
  });
}
