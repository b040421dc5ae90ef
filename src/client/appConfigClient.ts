import { QueryClient } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { evaluateFlag } from '../flags/index.ts';
import {
  assertEvaluationContext,
  assertSource,
  callListener,
  inMicrotask,
  isServer,
  systemClock,
  toConfigurationRequest,
  toEvaluationContext,
  warn,
  type ConfigurationSource,
  type EvaluationContext,
} from '../session/index.ts';
import type {
  AppConfigClientOptions,
  AppConfigListener,
  ClientListener,
} from './appConfigClientOptions.ts';
import type { AppConfigProfile } from './appConfigProfile.ts';
import { assertQueryClient, warnOfMissingFlag } from './development.ts';
import { holdDefaultQueryClient } from './defaultQueryClient.ts';
import { createExposures } from './exposures.ts';
import { compareFlags } from './flagChanges.ts';
import { readFlagDefaults } from './flagDefaults.ts';
import { perName } from './memoize.ts';
import type { OverrideStore } from './overrideStore.ts';
import { createProfile, type AskedFlag, type Profile, type ProfileHost } from './profile.ts';
import type { ProfileFlags } from './profileView.ts';
import type { DefaultFlagsProfileName, ProfileName } from './register.ts';
import { delayOfUnused, forgetUnused } from './unusedSessions.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What only the app's code can mend. */
const PROBLEMS = {
  repeated: 'get another source in every render; the one before stays in use',
  unused:
    'start and are never used, so the next one waits. A Suspense boundary above <AppConfigProvider> throws them away, or the source is made anew in each render',
} as const;

/**
 * A source that has been in use for so long was not made for one render: the next one is asked at once, as after
 * a sign-in or a hot reload. The time doubles with each change that follows soon, ...
 */
const MIN_QUIET_MS = 250;
/** ... up to this, after which it is forgotten; ... */
const MAX_QUIET_MS = 10_000;
/** ... and a change that comes sooner than this is a mistake. */
const SUSPICIOUS_MS = 1_000;

/** What a client is, whatever an app's profiles are called. */
interface Client extends AppConfigListener {
  readonly queryClient: QueryClient;
  /** May be replaced at any time, as the other two. */
  onError: AppConfigListener['onError'];
  onExposure: AppConfigListener['onExposure'];
  onChange: AppConfigListener['onChange'];
  readonly profile: (name?: string) => Profile;
  /**
   * Follows focus and network, and keeps each session that was used, until the function that this returns is
   * called: what a provider does while it is on the page. Without an owner, {@link dispose} ends the sessions.
   */
  readonly mount: (options?: { isOwner?: boolean }) => () => void;
  /** Calls a listener of what happens, beside the client's own; the returned function removes it. */
  readonly listen: (listener: ClientListener) => () => void;
  /**
   * Goes on with another source of the same name, as after a sign-in: it is asked at once, and until it has
   * answered the old values stay, as stale. One that each render makes anew is reported, and has to wait.
   */
  readonly setSource: (source: ConfigurationSource) => void;
  /**
   * Evaluates flags for another audience from now on: the old values stay, as stale, until the new answer is
   * there. An equal context changes nothing.
   *
   * @throws InvalidArgumentError for an entity or a context that cannot be asked for.
   */
  readonly setEvaluationContext: (given: EvaluationContext) => void;
  /** Switches to another store of overrides, or to none. */
  readonly setOverrides: (overrides: OverrideStore | undefined) => void;
  /**
   * Ends the sessions that nobody else uses. A client that is used again starts new ones; its configurations
   * stay.
   */
  readonly dispose: () => void;
  /** On a server nothing subscribes: what a render there shows of an error is what is heard of it. */
  readonly noteRendered: (error: AppConfigError | undefined) => void;
  /**
   * Tells those who listen to `onError`, once of each error: later, because a provider listens after its
   * children have begun.
   */
  readonly reportError: (error: AppConfigError | undefined) => void;
  /** The overrides of what the service says. */
  readonly overrides: OverrideStore | undefined;
  /** The profiles that were asked for. */
  readonly profiles: readonly Profile[];
  /** For whom flags are evaluated. */
  readonly evaluationContext: EvaluationContext;
}

/** @param isOfOneRender whether it is made while React renders: on a server it shows one version then */
function createClient(given: AppConfigClientOptions, isOfOneRender: boolean): Client {
  if (process.env.NODE_ENV !== 'production') {
    toConfigurationRequest({ ...given, profile: given.flags ?? 'flags' });
    assertSource(given.source);
    assertQueryClient(given.queryClient);
  }
  const { clock = systemClock, queryClient = new QueryClient() } = given;
  /** The newest, with the audience, the source and the overrides in use. */
  const options = { ...given, context: undefined, ...toEvaluationContext(given), clock };
  const defaults = new Map(Object.entries<unknown>(given.defaults ?? {}));
  const profiles = new Map<string, Profile>();
  const listeners = new Set<ClientListener>();
  const reported = new WeakSet<AppConfigError>();
  const said = new Set<string>();
  const isOnServer = isServer();
  let givenOverrides: OverrideStore | undefined;
  let mounts = 0;
  let wasMounted = false;
  let newestSource = given.source;
  let sourceSince = clock.monotonicNow();
  let sourceQuietMs = MIN_QUIET_MS;
  let callOffSource: (() => void) | undefined;
  let endExposures: (() => void) | undefined;
  let { onExposure } = given;

  const exposures = createExposures(options, (isTool) =>
    listenersOf('onExposure', (listener) => (listener.isTool ?? false) === isTool),
  );
  const host: ProfileHost = {
    queryClient,
    options,
    isOfOneRender,
    isMounted: () => mounts > 0,
    defaults,
    report,
    delayMs,
    noteRead,
    noteVersion,
  };
  const profileOf = perName((name) => createProfile(host, name), profiles);

  function endUse(): void {
    callOffSource?.();
    // One that still waited is a new one if it comes again.
    newestSource = options.source;
    if (mounts > 0) return;
    endExposures?.();
    endExposures = undefined;
  }

  function adoptOverrides(overrides: OverrideStore | undefined): void {
    givenOverrides = overrides;
    options.overrides = overrides?.adopt?.(options) ?? overrides;
  }

  /** The listeners of an event that `isMeant` selects, each once. */
  function listenersOf<Event extends keyof AppConfigListener>(
    event: Event,
    isMeant: (listener: ClientListener) => boolean = () => true,
  ): ReadonlySet<NonNullable<AppConfigListener[Event]>> {
    const everybody: ClientListener[] = [client, ...listeners];
    return new Set(everybody.filter(isMeant).flatMap((listener) => listener[event] ?? []));
  }

  function report(error: AppConfigError | undefined): void {
    if (!error || reported.has(error)) return;
    reported.add(error);
    inMicrotask(() => {
      const hearers = listenersOf('onError');
      for (const onError of hearers) callListener(onError, error);
      if (process.env.NODE_ENV !== 'production') {
        if (hearers.size > 0 || said.has('failure')) return;
        said.add('failure');
        warn(`${error.code}: ${error.message} Give the provider onError to hear of failures.`);
      }
    });
  }

  function noteVersion(profile: string, before: ProfileFlags, after: ProfileFlags): void {
    inMicrotask(() => {
      const hearers = listenersOf('onChange');
      // Comparing versions costs something, so it is done for those who listen.
      const change = hearers.size > 0 && compareFlags(before, after);
      if (!change) return;
      for (const onChange of hearers) callListener(onChange, { profile, ...change });
    });
  }

  function delayMs(): number {
    const waitMs = isOfOneRender && mounts === 0 ? delayOfUnused(options, clock) : 0;
    if (waitMs > 0) reportOnce('unused');
    return waitMs;
  }

  function noteRead(flag: AskedFlag): void {
    exposures.note(flag);
    if (process.env.NODE_ENV !== 'production') {
      const { profile, key } = flag;
      const known = profile.flags;
      const missing = JSON.stringify([profile.name, key]);
      if (said.has(missing) || evaluateFlag(known, key).reason !== 'missing') return;
      said.add(missing);
      warnOfMissingFlag(profile.name, key, Object.keys(known.loaded ?? {}));
    }
  }

  /** Reports a mistake that only the app's code can fix, once and in development only. */
  function reportOnce(problem: keyof typeof PROBLEMS): void {
    if (process.env.NODE_ENV !== 'production') {
      if (said.has(problem)) return;
      said.add(problem).add('failure');
      const message = `Sessions of "${options.source.name}" ${PROBLEMS[problem]}: make the source once, outside of components.`;
      warn(message);
      report(new InvalidArgumentError(message));
    }
  }

  // Functions and accessors that need no `this`, so that a wrapper of any kind works.
  const client: Client = {
    queryClient,
    onError: undefined,
    get onExposure() {
      return onExposure;
    },
    set onExposure(next) {
      onExposure = next;
      exposures.update();
    },
    onChange: undefined,
    profile(name = options.flags) {
      if (name === undefined) {
        throw new InvalidArgumentError(
          process.env.NODE_ENV !== 'production' &&
            'No profile is named. Name one in the hook, or as flags of the provider.',
        );
      }
      const profile = profileOf(name);
      if (isOnServer) profile.refreshUnlessStarted();
      return profile;
    },
    mount({ isOwner = false } = {}) {
      mounts += 1;
      wasMounted = true;
      forgetUnused(options);
      endExposures ??= exposures.begin();
      profiles.forEach((profile) => profile.hold());
      listeners.delete(given);
      queryClient.mount();
      const releaseCache = holdDefaultQueryClient(options.source, queryClient);
      return () => {
        mounts -= 1;
        queryClient.unmount();
        releaseCache();
        if (!isOwner || mounts > 0) return;
        endUse();
        profiles.forEach((profile) => profile.release());
      };
    },
    listen(listener) {
      listeners.add(listener);
      exposures.update();
      return () => {
        listeners.delete(listener);
        exposures.update();
      };
    },
    setSource(source) {
      if (source === newestSource) return;
      const usedMs = clock.monotonicNow() - sourceSince;
      newestSource = source;
      sourceSince += usedMs;
      callOffSource?.();
      const quietMs = usedMs > MAX_QUIET_MS ? MIN_QUIET_MS : sourceQuietMs;
      sourceQuietMs = Math.min(2 * quietMs, MAX_QUIET_MS);
      const adopt = () => {
        options.source = source;
        profiles.forEach((profile) => profile.changeSource());
      };
      // What it knows without being asked costs nothing.
      if (source.initial || usedMs >= quietMs) adopt();
      else callOffSource = clock.schedule(adopt, quietMs);
      if (usedMs < quietMs && quietMs >= SUSPICIOUS_MS) reportOnce('repeated');
    },
    setEvaluationContext(next) {
      const { entityId, context } = toEvaluationContext(next);
      const who = { entityId, context };
      if (isSameStructure(client.evaluationContext, who)) return;
      if (process.env.NODE_ENV !== 'production') assertEvaluationContext(next);
      Object.assign(options, who);
      profiles.forEach((profile) => profile.changeAudience());
    },
    setOverrides(overrides) {
      if (overrides === givenOverrides) return;
      adoptOverrides(overrides);
      profiles.forEach((profile) => profile.changeOverrides());
    },
    dispose() {
      endUse();
      profiles.forEach((profile) => profile.end());
    },
    noteRendered(error) {
      if (!wasMounted) report(error);
    },
    reportError: report,
    get overrides() {
      return options.overrides;
    },
    get profiles() {
      return [...profiles.values()];
    },
    get evaluationContext() {
      return { entityId: options.entityId, context: options.context };
    },
  };

  adoptOverrides(given.overrides);
  if (given.flags !== undefined) readFlagDefaults(defaults, given.flags);
  // A provider listens itself once it is on the page, with its newest callbacks.
  if (isOfOneRender) {
    onExposure = undefined;
    listeners.add(given);
  } else ({ onError: client.onError, onChange: client.onChange } = given);
  exposures.update();
  return client;
}

/**
 * AWS AppConfig for one application and environment: the profiles, their sessions, and who hears of what
 * happens. Make one yourself to share it between React roots, to keep it above a Suspense boundary that
 * surrounds the provider, or to use it without React. Its functions need no `this`.
 *
 * @throws InvalidArgumentError for identifiers, an interval, a source or defaults that cannot be used.
 *
 * @example
 * const client = new AppConfigClient({ application, environment, source, flags: 'flags' });
 * await client.profile().ready();
 * client.profile().flag('new-checkout').enabled;
 */
export interface AppConfigClient extends Omit<Client, 'profile' | 'profiles'> {
  /**
   * A profile, for reading and subscribing; the client's `flags` if none is named.
   *
   * @throws InvalidArgumentError when there is neither.
   */
  profile<Name extends ProfileName = DefaultFlagsProfileName>(name?: Name): AppConfigProfile<Name>;
  /** The profiles that were asked for. */
  readonly profiles: readonly AppConfigProfile[];
}
export const AppConfigClient: new (options: AppConfigClientOptions) => AppConfigClient =
  asRegistered(NewClient);

/** `new` gives what a constructor returns. */
function NewClient(options: AppConfigClientOptions): Client {
  return createClient(options, false);
}

/** The client of a provider, which React may throw away: that costs nothing. */
export function createClientOfRender(options: AppConfigClientOptions): AppConfigClient {
  return asRegistered(createClient(options, true));
}

/** The registered types are the app's word for what AWS AppConfig delivers. */
function asRegistered<Registered>(value: unknown): Registered;
function asRegistered(value: unknown): unknown {
  return value;
}
