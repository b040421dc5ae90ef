import type { QueryClient } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import type { ConfigurationSource } from '../session/index.ts';
import { AppConfigClient } from './appConfigClient.ts';
import type { AppConfigClientOptions } from './appConfigClientOptions.ts';
import { perObject } from './memoize.ts';

/** There are more only if each has different options. */
const MAX_WAITING = 10;

interface WaitingClient {
  readonly client: AppConfigClient;
  readonly defaults: AppConfigClientOptions['defaults'];
}

/**
 * Clients whose first render has not been committed: React may throw it away and render again. On a
 * server nothing is ever committed, and those who render one after the other share a client.
 */
const waitingOf = /* @__PURE__ */ perObject((_source: ConfigurationSource) =>
  perObject((_owner: QueryClient | ConfigurationSource) => new Set<WaitingClient>()),
);

/** The client of a render that was thrown away, or a new one. */
export function findOrCreateClient(options: AppConfigClientOptions): AppConfigClient {
  const { source, queryClient, defaults } = options;
  if (typeof source !== 'object' || source === null) return new AppConfigClient(options);
  const waiting = waitingOf(source)(queryClient ?? source);
  for (const candidate of waiting) {
    const isSame =
      candidate.client.isMadeOf(options) &&
      candidate.client.isFor(options) &&
      isSameStructure(candidate.defaults, defaults);
    if (isSame) return candidate.client;
  }
  const client = new AppConfigClient(options);
  client.countAsUnused();
  waiting.add({ client, defaults });
  const [oldest] = waiting;
  if (oldest && waiting.size > MAX_WAITING) waiting.delete(oldest);
  return client;
}

/** The client is in use: the next render with the same options gets another one. */
export function takeClient(
  client: AppConfigClient,
  { source, queryClient }: Pick<AppConfigClientOptions, 'source' | 'queryClient'>,
): void {
  const waiting = waitingOf(source)(queryClient ?? source);
  for (const candidate of waiting) if (candidate.client === client) waiting.delete(candidate);
}
