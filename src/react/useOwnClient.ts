'use client';

import { QueryClient, QueryClientContext } from '@tanstack/react-query';
import { useContext, useEffect, useRef, useSyncExternalStore } from 'react';
import {
  createClientOfRender,
  defaultQueryClientOf,
  type AppConfigClient,
  type AppConfigClientOptions,
} from '../client/index.ts';
import { isSameStructure } from '../configuration/index.ts';
import { asAppConfigError } from '../errors/index.ts';

/** Options that need a new client when they change; the others are read once, or may be replaced. */
const IDENTITY = [
  'application',
  'environment',
  'flags',
  'queryClient',
  'requiredMinimumPollIntervalInSeconds',
] as const satisfies (keyof AppConfigClientOptions)[];

/** A client, and the options that a provider made it of. */
interface OwnClient {
  readonly client: AppConfigClient;
  readonly options: AppConfigClientOptions;
}

/* oxlint-disable react/refs -- the ref holds what was committed, and is written in an effect alone. */
/** A client in a ref, with its sessions and their tokens: they are never state and never rendered. */
export function useOwnClient(
  options: AppConfigClientOptions | undefined,
): AppConfigClient | undefined {
  const queryClient = useQueryClientFor(options);
  const wanted = options && { ...options, queryClient };
  const held = useRef<OwnClient>(undefined);
  const own = wanted && (isMadeOf(held.current, wanted) ? held.current : create(wanted));
  const client = own?.client;

  const { source, entityId, context = {}, overrides } = options ?? {};
  const who = { entityId, context };
  // The client of the first render was made for these.
  const asked = useRef({ who, overrides });
  useEffect(() => {
    const before = asked.current;
    held.current = own;
    if (!client || !source) return;
    client.setSource(source);
    if (overrides !== before.overrides) client.setOverrides(overrides);
    asked.current = { who, overrides };
    // An equal context that is written inline must not undo what a tool has chosen since.
    if (isSameStructure(before.who, who)) return;
    try {
      client.setEvaluationContext(who);
    } catch (thrown) {
      // The page stays, and so does the audience that it had.
      client.reportError(asAppConfigError(thrown, 'InvalidArgument', 'The context'));
    }
  });
  return client;
}

function create(options: AppConfigClientOptions): OwnClient {
  return { client: createClientOfRender(options), options };
}

/** Whether a provider with these options can go on with a client. */
function isMadeOf(own: OwnClient | undefined, wanted: AppConfigClientOptions): own is OwnClient {
  return (
    own !== undefined &&
    own.options.source.name === wanted.source?.name &&
    IDENTITY.every((key) => own.options[key] === wanted[key])
  );
}

/**
 * Where configurations are kept: where the app says, else in a cache of this provider's own. On a server, and
 * for what its HTML is hydrated to, that is one for each render: two requests never share what they know.
 */
function useQueryClientFor(options: AppConfigClientOptions | undefined): QueryClient | undefined {
  const nearest = useContext(QueryClientContext);
  const isFromServer = useSyncExternalStore(
    subscribeToNothing,
    () => false,
    () => true,
  );
  const given = options?.queryClient ?? nearest;
  const own = useRef<QueryClient>(undefined);
  if (given || !options) return given;
  // What is not a source is refused later.
  own.current ??= isFromServer ? new QueryClient() : defaultQueryClientOf(Object(options.source));
  return own.current;
}

/* oxlint-enable react/refs */

function subscribeToNothing(): () => void {
  return () => {};
}
