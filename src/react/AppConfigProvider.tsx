'use client';

import { QueryClientContext } from '@tanstack/react-query';
import { useContext, useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import {
  AppConfigClient,
  findOrCreateClient,
  takeClient,
  type AppConfigClientOptions,
  type AppConfigListener,
} from '../client/index.ts';
import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import { AppConfigContext } from './appConfigContext.ts';

/** What `<AppConfigProvider>` takes: the options of a client, or a client that was made elsewhere. */
export type AppConfigProviderProps = {
  children?: ReactNode;
} & AppConfigListener &
  (
    | AppConfigClientOptions
    | {
        /** A client that outlives this provider; end its sessions with `client.dispose()`. */
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
  const given = 'client' in props ? assertClient(props.client) : undefined;
  const own = useOwnClient(
    'client' in props ? undefined : { ...props, onError, onExposure, onChange },
  );
  const client = given ?? own;
  const nearestQueryClient = useContext(QueryClientContext);

  useEffect(
    () => client?.listen({ onError, onExposure, onChange }),
    [client, onError, onExposure, onChange],
  );
  useEffect(() => client?.mount(client === own), [client, own]);

  return (
    <QueryClientContext.Provider value={nearestQueryClient ?? client?.queryClient}>
      <AppConfigContext.Provider value={client}>{children}</AppConfigContext.Provider>
    </QueryClientContext.Provider>
  );
}

const NO_CONTEXT = {};

/* oxlint-disable react/refs -- the ref holds what was committed, and is written in an effect alone. */
/** A client in a ref, with its sessions and their tokens: they are never state and never rendered. */
function useOwnClient(options: AppConfigClientOptions | undefined): AppConfigClient | undefined {
  const nearestQueryClient = useContext(QueryClientContext);
  const held = useRef<AppConfigClient>(undefined);
  const queryClient = options?.queryClient ?? nearestQueryClient;
  const wanted = options && { ...options, queryClient };
  // Providers that are made alike share a client until one of them has another audience.
  const isHeldRight =
    wanted &&
    held.current?.isMadeOf(wanted) &&
    (!held.current.isShared || held.current.isFor(wanted));
  const client = isHeldRight ? held.current : wanted && findOrCreateClient(wanted);

  const { source, entityId, context = NO_CONTEXT, overrides } = options ?? {};
  // The client of the first render was made for it.
  const asked = useRef({ entityId, context });
  useEffect(() => {
    held.current = client;
    if (!client || !source) return;
    takeClient(client, { source, queryClient });
    client.replaceSource(source);
    // An equal context that is written inline must not undo what a tool has chosen since.
    if (isSameStructure(asked.current, { entityId, context })) return;
    asked.current = { entityId, context };
    client.setEvaluationContext(asked.current);
  }, [client, source, queryClient, entityId, context]);
  const hadOverrides = useRef(false);
  useEffect(() => {
    // If the provider never had any, tools may have set their own.
    if (overrides || hadOverrides.current) client?.setOverrides(overrides);
    hadOverrides.current = overrides !== undefined;
  }, [client, overrides]);
  return client;
}
/* oxlint-enable react/refs */

function assertClient(client: AppConfigClient): AppConfigClient {
  if (client instanceof AppConfigClient) return client;
  throw new InvalidArgumentError(
    'client must be an AppConfigClient: new AppConfigClient({ application, environment, source }).',
  );
}
