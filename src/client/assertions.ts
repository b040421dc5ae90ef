import { QueryClient } from '@tanstack/react-query';
import { InvalidArgumentError } from '../errors/index.ts';
import { warn } from './developmentWarnings.ts';

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
