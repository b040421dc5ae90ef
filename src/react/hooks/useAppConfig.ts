'use client';

import { useEffect, useMemo, useState } from 'react';
import {
  createResult,
  type AppConfigResult,
  type ProfileDocument,
  type ProfileName,
  type Store,
} from '../../client/index.ts';
import type { StandardSchema } from '../../configuration/index.ts';
import { useClientFor, useStore } from '../index.ts';

/** What `useAppConfig` and `useSuspenseAppConfig` take besides the profile. */
export interface UseAppConfigOptions<Document, Data = Document> {
  /**
   * Checks each version once and gives `data` its type: any Standard Schema (zod, valibot, arktype).
   * A version that fails is reported, and the last good one stays. Make it outside of the component.
   */
  schema?: StandardSchema<Document> | undefined;
  /** Picks a part: the component renders again only when that part changes. */
  select?: ((document: Document) => Data) | undefined;
}

/**
 * A configuration profile: feature flags or freeform. It is polled for as long as some component
 * reads it, with one session and one timer for all of them. An unchanged poll renders nothing.
 *
 * The result's `status` is `pending` until the first poll is over, `error` if there is no good
 * configuration, else `success`: then `data` is the last good one, and `error` says whether the
 * newest poll failed.
 *
 * @example
 * const settings = useAppConfig('site-settings', { schema: SiteSettings });
 * if (settings.isPending) return <Spinner />;
 * if (settings.isError) return <p>{settings.error.message}</p>;
 * return <h1>{settings.data.title}</h1>;
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-profile.html
 */
export function useAppConfig<
  Profile extends ProfileName,
  Document = ProfileDocument<Profile>,
  Data = Document,
>(profile: Profile, options?: UseAppConfigOptions<Document, Data>): AppConfigResult<Data>;
export function useAppConfig(
  profile: ProfileName,
  options: UseAppConfigOptions<unknown> = {},
): AppConfigResult<unknown> {
  const client = useClientFor('useAppConfig');
  const result = useConfiguration('useAppConfig', profile, options);
  client.noteRendered(result.error);
  return result;
}

/** What both hooks over a whole profile share: the store of a profile as this component selects it. */
export function useConfiguration(
  caller: string,
  profile: ProfileName,
  { schema, select = asItIs }: UseAppConfigOptions<unknown>,
  refine: (store: Store<AppConfigResult<unknown>>) => Store<AppConfigResult<unknown>> = asItIs,
): AppConfigResult<unknown> {
  const source = useClientFor(caller).profile(profile);
  const [shown] = useState(createHolder);
  // An inline select function makes another one in each render: what is equal stays the same.
  const store = useMemo(
    () => refine(createResult(source, { schema, select, shown })),
    [source, schema, select, shown, refine],
  );
  const result = useStore(store);
  useEffect(() => shown.hold(result), [shown, result]);
  return result;
}

/** What a component shows, for the stores that come after. Not a ref, which must not be read during a render. */
function createHolder() {
  let held: AppConfigResult<unknown> | undefined;
  return {
    get: () => held,
    hold: (result: AppConfigResult<unknown>) => {
      held = result;
    },
  };
}

function asItIs<Value>(value: Value): Value {
  return value;
}
