'use client';

import { QueryClientContext } from '@tanstack/react-query';
import { useContext, useEffect, type ReactElement, type ReactNode } from 'react';
import type {
  AppConfigClient,
  AppConfigClientOptions,
  AppConfigListener,
} from '../client/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import { AppConfigContext } from './appConfigContext.ts';
import { useOwnClient } from './useOwnClient.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What `<AppConfigProvider>` takes: the options of a client, or a client that was made elsewhere. */
export type AppConfigProviderProps = {
  children?: ReactNode;
} & AppConfigListener &
  (
    | AppConfigClientOptions
    | {
        /**
         * A client that outlives this provider; end its sessions with `client.dispose()`. An object with the
         * same members does as well, such as `{ ...client, profile }` with flags that are pinned.
         */
        client: AppConfigClient;
      }
  );

/**
 * Gives the components below it access to the configurations of one application and environment.
 * It holds one session per profile, from the first hook that reads the profile to its own unmount.
 *
 * @throws InvalidArgumentError for identifiers, an interval, a source or defaults that cannot be used.
 *
 * @example
 * <AppConfigProvider application="shop" environment="production" source={source} flags="flags">
 *   <App />
 * </AppConfigProvider>
 */
export function AppConfigProvider({
  children,
  onError,
  onExposure,
  onChange,
  ...props
}: AppConfigProviderProps): ReactElement {
  const isOwner = !('client' in props);
  if (process.env.NODE_ENV !== 'production' && !isOwner) assertClient(props.client);
  const own = useOwnClient(isOwner ? { ...props, onError, onExposure, onChange } : undefined);
  const client = isOwner ? own : props.client;
  const nearestQueryClient = useContext(QueryClientContext);

  useEffect(
    () => client?.listen({ onError, onExposure, onChange }),
    [client, onError, onExposure, onChange],
  );
  useEffect(() => client?.mount({ isOwner }), [client, isOwner]);

  return (
    <QueryClientContext.Provider value={nearestQueryClient ?? client?.queryClient}>
      <AppConfigContext.Provider value={client}>{children}</AppConfigContext.Provider>
    </QueryClientContext.Provider>
  );
}

/** By its members, not by its class: it may come from another copy of this package, or wrap a client. */
function assertClient(client: AppConfigClient): void {
  const members: readonly unknown[] = [client?.profile, client?.mount, client?.listen];
  if (members.every((member) => typeof member === 'function')) return;
  throw new InvalidArgumentError(
    'client must be an AppConfigClient: new AppConfigClient({ application, environment, source }).',
  );
}
