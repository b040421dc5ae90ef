'use client';

import type { AppConfigResult, ProfileDocument, ProfileName } from '../../client/index.ts';
import { useClientFor } from '../index.ts';
import { suspendUnlessKnown, toAwaited } from './suspend.ts';
import { useConfiguration, type UseAppConfigOptions } from './useAppConfig.ts';

/** What `useSuspenseAppConfig` returns: `data` is always there. */
export type SuspenseAppConfigResult<Data> = Omit<AppConfigResult<Data>, 'data'> & {
  /** The last good configuration, or the default if the first polls failed. */
  readonly data: Data;
};

/**
 * Like `useAppConfig`, but suspends until the first poll is over, so `data` is never undefined.
 *
 * @throws AppConfigError to the nearest error boundary, if the first poll fails and the provider has
 * no default for the profile. Rendering again after the session's back-off tries again.
 *
 * @example
 * const { data } = useSuspenseAppConfig('site-settings', { schema: SiteSettings });
 */
export function useSuspenseAppConfig<
  Profile extends ProfileName,
  Document = ProfileDocument<Profile>,
  Data = Document,
>(profile: Profile, options?: UseAppConfigOptions<Document, Data>): SuspenseAppConfigResult<Data>;
export function useSuspenseAppConfig(
  profile: ProfileName,
  options: UseAppConfigOptions<unknown> = {},
): unknown {
  const client = useClientFor('useSuspenseAppConfig');
  const result = useConfiguration('useSuspenseAppConfig', profile, options, toAwaited);
  const { data, error, isPending } = result;
  const missing = data === undefined ? error : undefined;
  suspendUnlessKnown(client, client.profile(profile), { isPending, missing });
  client.noteRendered(error);
  return result;
}
