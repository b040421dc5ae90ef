import type { QueryClient } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import type { ConfigurationSource } from '../session/index.ts';
import { AppConfigClient, type AppConfigClientOptions } from './appConfigClient.ts';
import { perObject } from './memoize.ts';

/** What makes another client necessary when it changes; the other options are read once. */
const IDENTITY = [
  'application',
  'environment',
  'flags',
  'queryClient',
  'requiredMinimumPollIntervalInSeconds',
] as const satisfies (keyof AppConfigClientOptions)[];

/** Clients whose first render has not been committed: React may throw it away and render again. */
const waitingOf = /* @__PURE__ */ perObject((_source: ConfigurationSource) =>
  perObject((_owner: QueryClient | ConfigurationSource) => new Set<WaitingClient>()),
);

interface WaitingClient {
  readonly client: AppConfigClient;
  readonly options: AppConfigClientOptions;
}

/** Whether a client made of one's options can go on with the other's. */
export function isSameIdentity(a: AppConfigClientOptions, b: AppConfigClientOptions): boolean {
  return IDENTITY.every((key) => a[key] === b[key]) && a.source.name === b.source.name;
}

/** The client of a render that was thrown away, or a new one. */
export function findOrCreateClient(options: AppConfigClientOptions): AppConfigClient {
  if (typeof options.source !== 'object' || options.source === null) {
    return new AppConfigClient(options);
  }
  const waiting = waitingOf(options.source)(options.queryClient ?? options.source);
  for (const candidate of waiting) {
    const isSame =
      isSameIdentity(candidate.options, options) &&
      isSameStructure(candidate.options.defaults, options.defaults);
    if (isSame) return candidate.client;
  }
  const created = { client: new AppConfigClient(options), options };
  waiting.add(created);
  return created.client;
}

/** The client is in use: whoever else asks for one like it gets another one. */
export function takeClient(client: AppConfigClient, options: AppConfigClientOptions): void {
  const waiting = waitingOf(options.source)(options.queryClient ?? options.source);
  for (const candidate of waiting) if (candidate.client === client) waiting.delete(candidate);
}
