import type { Query, QueryClient } from '@tanstack/react-query';
import { isSnapshot } from '../client/index.ts';
import { isServer, warn } from '../session/index.ts';
import {
  readConfigurations,
  writeConfigurations,
  type KeptConfiguration,
} from './keptConfigurations.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const WEEK_MS = 7 * 24 * 60 * 60_000;
/** There may be any number of evaluation contexts: the last ones are kept. */
const MAX_CONFIGURATIONS = 20;
const JSON_TYPE = /[/+]json\b/i;

/** Where strings are kept: `localStorage`, or React Native's `AsyncStorage`, which answers with promises. */
export interface ConfigurationStorage {
  getItem(name: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(name: string, text: string): unknown;
  removeItem(name: string): unknown;
}

/** What may be set for {@link persistAppConfig}. */
export interface PersistAppConfigOptions {
  /** @default the page's `localStorage`; where there is none, nothing is kept */
  storage?: ConfigurationStorage | undefined;
  /** The name of the item in the storage. @default 'react-appconfig' */
  name?: string | undefined;
  /** The version of the app: what another one has kept is thrown away. @default '' */
  version?: string | undefined;
  /**
   * After how many milliseconds without a poll a configuration is thrown away.
   * @default 604800000, a week
   */
  maxAgeMs?: number | undefined;
}

/** Configurations that are kept from one visit to the next. */
export interface PersistedAppConfig {
  /** Resolves when those of the last visit are in the query cache: they are at once with `localStorage`. */
  readonly restored: Promise<void>;
  /** Keeps nothing more; what is kept stays. */
  readonly stop: () => void;
}

/**
 * Keeps the last good configurations from one visit to the next: the first paint shows them, as stale, until the
 * first poll has answered, or for as long as the service is down. Only JSON is kept, never a token, and nothing of a
 * source whose name does not say to whom its answers belong (`sharedBy` of `agentSource`).
 *
 * Call it before the first render. In a page that is hydrated, call it in an effect: the first render is that of the
 * server.
 *
 * @example
 * const queryClient = new QueryClient();
 * persistAppConfig(queryClient);
 * // <AppConfigProvider queryClient={queryClient} …>
 *
 * @example in React Native, before the first render
 * await persistAppConfig(queryClient, { storage: AsyncStorage }).restored;
 */
export function persistAppConfig(
  queryClient: QueryClient,
  {
    storage = findLocalStorage(),
    name = 'react-appconfig',
    version = '',
    maxAgeMs = WEEK_MS,
  }: PersistAppConfigOptions = {},
): PersistedAppConfig {
  if (!storage) return { restored: Promise.resolve(), stop: () => undefined };
  const changed = new Map<string, KeptConfiguration>();
  let isWriting = false;
  const read = (text: string | null | undefined) =>
    readConfigurations(text, version, Date.now() - maxAgeMs);

  function restore(text: string | null | undefined): unknown {
    const kept = read(text);
    for (const { key, snapshot, confirmedAt } of kept.values()) {
      if (queryClient.getQueryData(key) !== undefined) continue;
      queryClient.setQueryData(key, snapshot, { updatedAt: confirmedAt });
    }
    return text && kept.size === 0 ? storage?.removeItem(name) : undefined;
  }

  function write(): unknown {
    isWriting = true;
    // Taken first: a storage that fails is asked again at the next answer, and not at once.
    const written = new Map(changed);
    changed.clear();
    const isDone = attempt(() =>
      // Other tabs may have written since.
      next(storage?.getItem(name), (text) => {
        const kept = [...read(text)].filter(([hash]) => !written.has(hash));
        const newest = [...kept, ...written].slice(-MAX_CONFIGURATIONS);
        return storage?.setItem(name, writeConfigurations(newest, version));
      }),
    );
    return next(isDone, () => {
      isWriting = false;
      return changed.size > 0 ? write() : undefined;
    });
  }

  const restored = attempt(() => next(storage.getItem(name), restore));
  const stop = queryClient.getQueryCache().subscribe(({ type, query, ...event }) => {
    const isAnswer = type === 'updated' && 'action' in event && event.action.type === 'success';
    const kept = isAnswer && toKept(query);
    if (!kept) return;
    changed.set(query.queryHash, kept);
    if (!isWriting) write();
  });
  return { restored: Promise.resolve(restored).then(() => undefined), stop };
}

/** A configuration that may be kept: what JSON cannot hold would come back as something else. */
function toKept({
  queryKey: key,
  state: { data: snapshot, dataUpdatedAt: confirmedAt },
}: Query): KeptConfiguration | undefined {
  if (key[0] !== 'appconfig' || !isSnapshot(snapshot) || snapshot.isPersonal) return undefined;
  return JSON_TYPE.test(snapshot.contentType ?? '') ? { key, snapshot, confirmedAt } : undefined;
}

/** Goes on at once with what is there at once. */
function next<Value>(value: Value | Promise<Value>, then: (value: Value) => unknown): unknown {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Storage may be full or forbidden: the next visit begins without it, and nothing else is lost. */
function attempt(action: () => unknown): unknown {
  try {
    const result = action();
    return result instanceof Promise ? result.catch(noteFailure) : undefined;
  } catch (error) {
    return noteFailure(error);
  }
}

function noteFailure(error: unknown): void {
  if (process.env.NODE_ENV !== 'production') {
    warn(`configurations are not kept for the next visit: ${String(error)}.`);
  }
}

function findLocalStorage(): ConfigurationStorage | undefined {
  if (isServer()) return undefined;
  try {
    return globalThis.localStorage;
  } catch {
    // A page may be forbidden to look.
    return undefined;
  }
}
