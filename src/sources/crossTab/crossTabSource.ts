import {
  assertSource,
  forwardKnown,
  MAX_INTERVAL_IN_SECONDS,
  warn,
  type Clock,
  type ConfigurationRequest,
  type ConfigurationSource,
} from '../../session/index.ts';
import { channelOf, SharedProfile } from './sharedProfile.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Stands for what a source knew without being asked; no other tab has given that name to anything. */
const INITIAL_REVISION = 'initial';

/** What may be set for {@link crossTabSource}. */
export interface CrossTabSourceOptions {
  /**
   * Milliseconds after which an unanswered request of the polling tab counts as failed.
   * @default 30000
   */
  requestTimeoutMs?: number | undefined;
  /** Where time comes from. @default the machine's */
  clock?: Clock | undefined;
  /** Numbers from 0 to 1 for the jitter. @default Math.random */
  random?: (() => number) | undefined;
}

/** A source that all tabs of an origin share. */
export interface CrossTabSource extends ConfigurationSource {
  /** Leaves the other tabs. The next request joins them again. */
  dispose(): void;
}

/**
 * Lets the tabs of one origin poll as one: they elect a tab that holds the session, and the others ask
 * that tab instead of the service; it alone subscribes to a source that tells of changes. When it closes,
 * crashes or freezes, another one takes over with a session of its own. Tokens never leave the tab that they
 * were given to.
 *
 * Where a browser has no Web Locks or no BroadcastChannel, where a page may not use them, on servers, and
 * for a source that sends a token of nobody knows whom, each tab polls for itself.
 *
 * Make it once, outside of components. Some browsers, such as Firefox, do not keep a page in the
 * back/forward cache while it is the one that polls.
 *
 * @throws InvalidArgumentError for anything but a source.
 *
 * @example
 * const source = crossTabSource(appConfigDataSource({ region, credentials }));
 */
export function crossTabSource(
  source: ConfigurationSource,
  options: CrossTabSourceOptions = {},
): CrossTabSource {
  assertSource(source);
  const locks = source.isPersonal ? undefined : findLocks();
  const known = forwardKnown(source);
  if (source.isPersonal) warnOfPersonalSource(source);
  if (!locks) return { ...known, ...alone(source), dispose() {} };
  const profiles = new Map<string, SharedProfile>();
  /** Where this browser has channels and does not let this page open one. */
  let isAlone = false;

  const sharedProfileOf = ({
    token: _token,
    ...request
  }: ConfigurationRequest): SharedProfile | undefined => {
    const channel = channelOf(source, request);
    const shared = profiles.get(channel);
    if (shared || isAlone) return shared;
    try {
      const made = new SharedProfile({ ...options, source, locks, request, channel });
      profiles.set(channel, made);
      return made;
    } catch {
      isAlone = true;
      return undefined;
    }
  };

  return {
    name: known.name,
    ...(known.initial && {
      initial: (request) => {
        const answer = known.initial?.(request);
        // Its own token stays in this tab.
        return answer && { ...answer, nextToken: INITIAL_REVISION };
      },
    }),
    ...(known.subscribe && {
      subscribe: (request, onChange) =>
        sharedProfileOf(request)?.subscribe(onChange) ??
        known.subscribe?.(request, onChange) ??
        (() => {}),
    }),
    async getLatestConfiguration(request, signal) {
      const shared = sharedProfileOf(request);
      if (!shared) return source.getLatestConfiguration(withoutInitial(request), signal);
      const answer = await shared.poll(request.token ?? '', signal);
      return {
        configuration: answer.bytes ?? new Uint8Array(),
        nextToken: answer.revision,
        nextPollIntervalInSeconds: Math.min(
          Math.max(1, Math.ceil(answer.msUntilNextPoll / 1_000)),
          MAX_INTERVAL_IN_SECONDS,
        ),
        versionLabel: answer.versionLabel,
        contentType: answer.contentType,
      };
    },
    release(request) {
      const channel = channelOf(source, request);
      profiles.get(channel)?.dispose();
      profiles.delete(channel);
      known.release?.(request);
    },
    dispose() {
      for (const profile of profiles.values()) profile.dispose();
      profiles.clear();
    },
  };
}

/** Each tab for itself. */
function alone(source: ConfigurationSource): Pick<ConfigurationSource, 'getLatestConfiguration'> {
  return {
    getLatestConfiguration: (request, signal) => source.getLatestConfiguration(request, signal),
  };
}

/** The name of what a source knew beforehand is no token of that source. */
function withoutInitial({ token, ...request }: ConfigurationRequest): ConfigurationRequest {
  return token === undefined || token === INITIAL_REVISION ? request : { ...request, token };
}

function warnOfPersonalSource({ name }: ConfigurationSource): void {
  if (process.env.NODE_ENV === 'production') return;
  warn(
    `"${name}" sends a token, so its answers may be one person's, and no two tabs share them. Say whose they are, as in agentSource({ accessToken, sharedBy: userId }), and the tabs of that person poll as one.`,
  );
}

/** The browser's locks, if tabs can find each other here. */
function findLocks(): LockManager | undefined {
  const isPage = typeof document === 'object' && typeof BroadcastChannel === 'function';
  // Not every browser, and no page without HTTPS, has them, whatever the type says.
  return isPage && 'locks' in navigator ? navigator.locks : undefined;
}
