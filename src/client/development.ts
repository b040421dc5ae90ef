import { QueryClient, type QueryKey } from '@tanstack/react-query';
import { InvalidArgumentError } from '../errors/index.ts';
import { warn } from '../session/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** @throws InvalidArgumentError for anything but a query client. */
export function assertQueryClient(queryClient: QueryClient | undefined): void {
  if (process.env.NODE_ENV === 'production') return;
  if (queryClient === undefined || queryClient instanceof QueryClient) return;
  if (typeof Reflect.get(Object(queryClient), 'getQueryCache') !== 'function') {
    throw new InvalidArgumentError('queryClient must be a QueryClient of @tanstack/react-query.');
  }
  warn(
    'queryClient comes from another copy of @tanstack/react-query. Find out why with: npm ls @tanstack/react-query @tanstack/query-core',
  );
}

/** Warns of a flag that the known document lacks, with the name that was probably meant. */
export function warnOfMissingFlag(profile: string, key: string, known: readonly string[]): void {
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(key, name) }))
    .filter(({ distance }) => distance <= Math.max(2, key.length / 3))
    // Not toSorted, which Hermes lacks.
    // oxlint-disable-next-line unicorn/no-array-sort -- the array is this function's own
    .sort((a, b) => a.distance - b.distance);
  const hint = nearest ? ` Did you mean "${nearest.name}"?` : '';
  warn(`the profile "${profile}" has no flag "${key}", so its default is used.${hint}`);
}

const misnamed = new Set<string>();

/** Warns of what a server has prefetched under another name than that of the page's source, where nothing finds it. */
export function warnOfMisnamed(queryClient: QueryClient, queryKey: QueryKey): void {
  if (queryClient.getQueryData(queryKey) !== undefined) return;
  const [kind, name, ...question] = queryKey;
  const hydrated = queryClient
    .getQueryCache()
    .findAll({ queryKey: [kind], type: 'inactive' })
    .filter(({ options, state }) => !options.queryFn && state.data !== undefined);
  for (const { queryKey: other } of hydrated) {
    if (other[1] === name || JSON.stringify(other.slice(2)) !== JSON.stringify(question)) continue;
    const message = `the page was given flags of the source "${String(other[1])}", but its own source is named "${String(name)}", and so they are not used. Give both the same name: as name of the source here, and as sourceName of createAppConfigServer.`;
    if (!misnamed.has(message)) warn(message);
    misnamed.add(message);
  }
}

/** How many letters must be changed, added or taken away to make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
