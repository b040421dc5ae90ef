'use client';

import type { AppConfigClient } from '../../client/index.ts';
import { useClientFor } from '../index.ts';

/**
 * The nearest provider's client, for `appConfigQuery` and for prefetching.
 *
 * @throws MissingProviderError outside of an `<AppConfigProvider>`.
 */
export function useAppConfigClient(): AppConfigClient {
  return useClientFor('useAppConfigClient');
}
