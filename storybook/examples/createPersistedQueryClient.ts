import { dehydrate, hydrate, QueryClient, type DehydratedState } from '@tanstack/react-query';

const NAME = 'appconfig';
const WEEK_MS = 7 * 24 * 60 * 60_000;

/** What is kept from one visit to the next. */
export interface PersistenceOptions {
  /** A configuration whose answer came longer ago than this is thrown away, in milliseconds. */
  maxAge?: number;
  /** What another version of the app wrote is thrown away. */
  buster?: string;
}

/** A query client that begins with the last good configurations of the visit before. */
export function createPersistedQueryClient({
  maxAge = WEEK_MS,
  buster = '1',
}: PersistenceOptions = {}): QueryClient {
  const queryClient = new QueryClient();
  hydrate(queryClient, read(maxAge, buster));
  queryClient.getQueryCache().subscribe((event) => {
    const isAnswer = event.type === 'updated' && event.action.type === 'success';
    if (!isAnswer || event.query.queryKey[0] !== 'appconfig') return;
    const state = dehydrate(queryClient, {
      // What JSON cannot hold, such as bytes or dates, would come back as something else.
      shouldDehydrateQuery: ({ queryKey, state: { data } }) =>
        queryKey[0] === 'appconfig' && isJson(data),
    });
    try {
      localStorage.setItem(NAME, JSON.stringify({ buster, state }));
    } catch {
      // The storage is full or forbidden: the next visit begins without it, and nothing else is lost.
    }
  });
  return queryClient;
}

function read(maxAge: number, buster: string): Partial<DehydratedState> {
  try {
    const kept: { buster: string; state: DehydratedState } | null = JSON.parse(
      localStorage.getItem(NAME) ?? 'null',
    );
    const queries = kept?.state.queries.filter(
      ({ state }) => kept.buster === buster && Date.now() - state.dataUpdatedAt < maxAge,
    );
    if (queries?.length === 0) localStorage.removeItem(NAME);
    return { queries: queries ?? [] };
  } catch {
    // Forbidden, or written by somebody else.
    return {};
  }
}

function isJson(snapshot: unknown): boolean {
  const contentType: unknown = Reflect.get(Object(snapshot), 'contentType');
  return typeof contentType === 'string' && /[/+]json\b/.test(contentType);
}
