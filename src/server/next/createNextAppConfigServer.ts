import nextCache from 'next/cache.js';
import {
  createAppConfigServer,
  type AppConfigServer,
  type AppConfigServerOptions,
} from '../index.ts';

/**
 * The same as `createAppConfigServer` of `react-appconfig/server`, for the App Router of Next 14.2, 15 and 16: a page
 * that reads a flag is rendered for each request, so that a deployment reaches it, with `cacheComponents` and
 * without. What is read inside of `'use cache'` or `unstable_cache` is cached as they say, and `dynamic = 'force-static'`
 * keeps a page as it was built. Make it once, in a module.
 *
 * @throws InvalidArgumentError for identifiers, an interval or defaults that cannot be used.
 *
 * @example
 * export const { createHandler, getFlag, prefetchAppConfig } = createAppConfigServer({
 *   application: 'shop',
 *   environment: 'production',
 *   source: agentSource(),
 *   flags: 'flags',
 *   profiles: { flags: { allow: ['new-checkout'] } },
 * });
 *
 * @see https://nextjs.org/docs/app/guides/caching
 */
export function createNextAppConfigServer(options: AppConfigServerOptions): AppConfigServer {
  const { beforeRead } = options;
  return createAppConfigServer({
    ...options,
    async beforeRead() {
      await beforeRead?.();
      nextCache.unstable_noStore();
      await untilRequest();
    },
  });
}

/** Nothing that is read before this may look at the time where Next renders beforehand. */
async function untilRequest(): Promise<void> {
  try {
    await nextCache.io?.();
  } catch {
    // In after(), where nothing is rendered any more.
  }
}
