import { experimental_createQueryPersister } from '@tanstack/query-persist-client-core';
import { QueryClient } from '@tanstack/react-query';
import { version } from '../../package.json';

const NOT_STORED = '';
const WEEK_MS = 7 * 24 * 60 * 60_000;

/** What is kept from one visit to the next. */
export interface PersistenceOptions {
  /** A configuration whose answer came longer ago than this is thrown away, in milliseconds. */
  maxAge?: number;
  /** What another version wrote is thrown away. */
  buster?: string;
}

/** The same with TanStack's own persister, where npm installs one query-core for both. */
export async function createPersistedQueryClient({
  maxAge = WEEK_MS,
  buster = version,
}: PersistenceOptions = {}): Promise<QueryClient> {
  const { persisterFn, restoreQueries } = experimental_createQueryPersister({
    storage: {
      getItem: (key) => localStorage.getItem(key),
      setItem: (key, value) => {
        if (value === NOT_STORED) return;
        try {
          localStorage.setItem(key, value);
        } catch {
          // The storage is full or forbidden: the next visit begins without it, and nothing else is lost.
        }
      },
      removeItem: (key) => localStorage.removeItem(key),
      entries: () => Object.entries<string>(localStorage),
    },
    prefix: 'appconfig',
    filters: { queryKey: ['appconfig'] },
    // What JSON cannot hold, such as bytes or dates, would come back as something else.
    serialize: (query) => (isJson(query.state.data) ? JSON.stringify(query) : NOT_STORED),
    maxAge,
    buster,
  });
  const queryClient = new QueryClient({ defaultOptions: { queries: { persister: persisterFn } } });
  await restoreQueries(queryClient, { queryKey: ['appconfig'] });
  return queryClient;
}

function isJson(snapshot: unknown): boolean {
  const contentType: unknown = Reflect.get(Object(snapshot), 'contentType');
  return typeof contentType === 'string' && /[/+]json\b/.test(contentType);
}
