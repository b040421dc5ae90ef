import { QueryClient } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { evaluateFlag } from '../flags/index.ts';
import {
  assertEvaluationContext,
  assertSource,
  callListener,
  systemClock,
  toConfigurationRequest,
  toEvaluationContext,
  warn,
  type Clock,
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
import { Exposures } from './exposures.ts';
import { compareFlags } from './flagChanges.ts';
import { readFlagDefaults } from './flagDefaults.ts';
import { perName } from './memoize.ts';
import type { OverrideStore } from './overrideStore.ts';
import { Profile, type AskedFlag, type ProfileFlags, type ProfileHost } from './profile.ts';
import type { FlagsProfileName, ProfileName } from './register.ts';
import { forgetUnused } from './unusedSessions.ts';

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

class Client implements AppConfigListener {
  readonly queryClient: QueryClient;
  /** May be replaced at any time. */
  onError: AppConfigListener['onError'];
  #onExposure: AppConfigListener['onExposure'];
  /** May be replaced at any time. */
  onChange: AppConfigListener['onChange'];
  readonly #options: AppConfigClientOptions & { readonly clock: Clock };
  readonly #profiles = new Map<string, Profile>();
  readonly #profileOf: (name: string) => Profile;
  #givenOverrides: OverrideStore | undefined;
  #mounts = 0;
  #wasMounted = false;
  readonly #listeners = new Set<ClientListener>();
  readonly #exposures: Exposures;
  readonly #given: AppConfigListener;
  #newestSource: ConfigurationSource;
  #sourceSince: number;
  #sourceQuietMs = MIN_QUIET_MS;
  #callOffSource: (() => void) | undefined;
  #endExposures: (() => void) | undefined;
  readonly #reported = new WeakSet<AppConfigError>();
  readonly #said = new Set<string>();

  /** @param isOfOneRender whether it is made while React renders: on a server it shows one version then */
  constructor(options: AppConfigClientOptions, isOfOneRender = false) {
    const { source, flags } = options;
    toConfigurationRequest({ ...options, profile: flags ?? 'flags' });
    assertSource(source);
    assertQueryClient(options.queryClient);
    this.#options = {
      ...options,
      ...toEvaluationContext(options),
      clock: options.clock ?? systemClock,
    };
    this.queryClient = options.queryClient ?? new QueryClient();
    this.#given = options;
    // A provider listens itself once it is on the page, with its newest callbacks.
    if (isOfOneRender) this.#listeners.add(this.#given);
    else
      ({ onError: this.onError, onExposure: this.#onExposure, onChange: this.onChange } = options);
    this.#exposures = new Exposures(this.#options, (isTool) =>
      this.#listenersOf('onExposure', (listener) => (listener.isTool ?? false) === isTool),
    );
    this.#newestSource = source;
    this.#sourceSince = this.#options.clock.monotonicNow();
    const defaults = new Map(Object.entries<unknown>(options.defaults ?? {}));
    const host: ProfileHost = {
      queryClient: this.queryClient,
      options: this.#options,
      isOfOneRender,
      isMounted: () => this.#mounts > 0,
      defaults,
      readFlagDefaults: perName((profile) => readFlagDefaults(defaults, profile)),
      report: this.reportError,
      reportDelay: () => this.#reportOnce('unused'),
      noteRead: (flag) => this.#exposures.note(flag),
      noteVersion: (profile, before, after) => this.#noteVersion(profile, before, after),
      noteMissing: (flag, known) => this.#noteMissing(flag, known),
    };
    this.#profileOf = perName((name) => new Profile(host, name), this.#profiles);
    this.#adoptOverrides(options.overrides);
    if (flags !== undefined) readFlagDefaults(defaults, flags);
  }

  /** May be replaced at any time. */
  get onExposure(): AppConfigListener['onExposure'] {
    return this.#onExposure;
  }

  set onExposure(onExposure: AppConfigListener['onExposure']) {
    this.#onExposure = onExposure;
    this.#exposures.schedule();
  }

  readonly profile = (name?: string): Profile => {
    const named = name ?? this.#options.flags;
    if (named === undefined) {
      throw new InvalidArgumentError(
        process.env.NODE_ENV !== 'production' &&
          'No profile is named. Name one in the hook, or as flags of the provider.',
      );
    }
    const profile = this.#profileOf(named);
    if (!this.#wasMounted) profile.refreshUnlessStarted();
    return profile;
  };

  /**
   * Follows focus and network, and keeps each session that was used, until the function that this returns is
   * called: what a provider does while it is on the page. Without an owner, {@link dispose} ends the sessions.
   */
  readonly mount = ({ isOwner = false }: { isOwner?: boolean } = {}): (() => void) => {
    this.#mounts += 1;
    this.#wasMounted = true;
    forgetUnused(this.#options, this.#options.clock);
    this.#endExposures ??= this.#exposures.begin();
    for (const profile of this.#profiles.values()) {
      profile.fixServerState();
      profile.hold();
    }
    this.#listeners.delete(this.#given);
    this.queryClient.mount();
    const releaseCache = holdDefaultQueryClient(this.#options.source, this.queryClient);
    return () => {
      this.#mounts -= 1;
      this.queryClient.unmount();
      releaseCache();
      if (!isOwner || this.#mounts > 0) return;
      this.#endUse();
      for (const profile of this.#profiles.values()) profile.release();
    };
  };

  /** Calls a listener of what happens, beside the client's own; the returned function removes it. */
  readonly listen = (listener: ClientListener): (() => void) => {
    this.#listeners.add(listener);
    this.#exposures.schedule();
    return () => this.#listeners.delete(listener);
  };

  /**
   * Goes on with another source of the same name, as after a sign-in: it is asked at once, and until it has
   * answered the old values stay, as stale. One that each render makes anew is reported, and has to wait.
   */
  readonly setSource = (source: ConfigurationSource): void => {
    if (source === this.#newestSource) return;
    const { clock } = this.#options;
    const usedMs = clock.monotonicNow() - this.#sourceSince;
    this.#newestSource = source;
    this.#sourceSince += usedMs;
    this.#callOffSource?.();
    const quietMs = usedMs > MAX_QUIET_MS ? MIN_QUIET_MS : this.#sourceQuietMs;
    this.#sourceQuietMs = Math.min(2 * quietMs, MAX_QUIET_MS);
    const adopt = () => {
      this.#options.source = source;
      for (const profile of this.#profiles.values()) profile.changeSource();
    };
    // What it knows without being asked costs nothing.
    if (source.initial || usedMs >= quietMs) adopt();
    else this.#callOffSource = clock.schedule(adopt, quietMs);
    if (usedMs < quietMs && quietMs >= SUSPICIOUS_MS) this.#reportOnce('repeated');
  };

  /**
   * Evaluates flags for another audience from now on: the old values stay, as stale, until the new answer is
   * there. An equal context changes nothing.
   *
   * @throws InvalidArgumentError for an entity or a context that cannot be asked for.
   */
  readonly setEvaluationContext = (given: EvaluationContext): void => {
    const { entityId, context = {} } = toEvaluationContext(given);
    const own = this.#options;
    if (own.entityId === entityId && isSameStructure(own.context ?? {}, context)) return;
    assertEvaluationContext({ entityId, context });
    Object.assign(own, { entityId, context });
    for (const profile of this.#profiles.values()) profile.changeAudience();
  };

  /** Switches to another store of overrides, or to none. */
  readonly setOverrides = (overrides: OverrideStore | undefined): void => {
    if (overrides === this.#givenOverrides) return;
    this.#adoptOverrides(overrides);
    for (const profile of this.#profiles.values()) profile.changeOverrides();
  };

  /**
   * Ends the sessions that nobody else uses. A client that is used again starts new ones; its configurations
   * stay.
   */
  readonly dispose = (): void => {
    this.#endUse();
    for (const profile of this.#profiles.values()) profile.end();
  };

  /** On a server nothing subscribes: what a render there shows of an error is what is heard of it. */
  readonly noteRendered = (error: AppConfigError | undefined): void => {
    if (error && !this.#wasMounted) this.reportError(error);
  };

  /** The overrides of what the service says. */
  get overrides(): OverrideStore | undefined {
    return this.#options.overrides;
  }

  /** The profiles that were asked for. */
  get profiles(): readonly Profile[] {
    return [...this.#profiles.values()];
  }

  /** For whom flags are evaluated. */
  get evaluationContext(): EvaluationContext {
    return { entityId: this.#options.entityId, context: this.#options.context };
  }

  #endUse(): void {
    this.#callOffSource?.();
    // One that still waited is a new one if it comes again.
    this.#newestSource = this.#options.source;
    if (this.#mounts > 0) return;
    this.#endExposures?.();
    this.#endExposures = undefined;
  }

  #adoptOverrides(overrides: OverrideStore | undefined): void {
    this.#givenOverrides = overrides;
    this.#options.overrides = overrides?.adopt?.(this.#options) ?? overrides;
  }

  /** The listeners of an event that `isMeant` selects, each once. */
  #listenersOf<Event extends keyof AppConfigListener>(
    event: Event,
    isMeant: (listener: ClientListener) => boolean = () => true,
  ): ReadonlySet<NonNullable<AppConfigListener[Event]>> {
    const everybody: ClientListener[] = [this, ...this.#listeners];
    return new Set(everybody.filter(isMeant).flatMap((listener) => listener[event] ?? []));
  }

  /**
   * Tells those who listen to `onError`, once of each error: later, because a provider listens after its
   * children have begun.
   */
  readonly reportError = (error: AppConfigError): void => {
    if (this.#reported.has(error)) return;
    this.#reported.add(error);
    queueMicrotask(() => {
      const listeners = this.#listenersOf('onError');
      for (const onError of listeners) callListener(onError, error);
      if (process.env.NODE_ENV !== 'production') {
        if (listeners.size > 0 || this.#said.has('failure')) return;
        this.#said.add('failure');
        warn(`${error.code}: ${error.message} Give the provider onError to hear of failures.`);
      }
    });
  };

  #noteVersion(profile: string, before: ProfileFlags, after: ProfileFlags): void {
    queueMicrotask(() => {
      const listeners = this.#listenersOf('onChange');
      // Comparing versions costs something, so it is done for those who listen.
      const change = listeners.size > 0 && compareFlags(before, after);
      if (!change) return;
      for (const onChange of listeners) callListener(onChange, { profile, ...change });
    });
  }

  #noteMissing({ profile: { name }, key }: AskedFlag, known: ProfileFlags): void {
    if (process.env.NODE_ENV !== 'production') {
      const missing = JSON.stringify([name, key]);
      if (this.#said.has(missing) || evaluateFlag(known, key).reason !== 'missing') return;
      this.#said.add(missing);
      warnOfMissingFlag(name, key, Object.keys(known.loaded ?? {}));
    }
  }

  /** Reports a mistake that only the app's code can fix, once and in development only. */
  #reportOnce(problem: keyof typeof PROBLEMS): void {
    if (process.env.NODE_ENV !== 'production') {
      if (this.#said.has(problem)) return;
      this.#said.add(problem).add('failure');
      const message = `Sessions of "${this.#options.source.name}" ${PROBLEMS[problem]}: make the source once, outside of components.`;
      warn(message);
      this.reportError(new InvalidArgumentError(message));
    }
  }
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
  profile<Name extends ProfileName = FlagsProfileName>(name?: Name): AppConfigProfile<Name>;
  /** The profiles that were asked for. */
  readonly profiles: readonly AppConfigProfile[];
}
export const AppConfigClient: new (options: AppConfigClientOptions) => AppConfigClient =
  asRegistered(Client);

/** The client of a provider, which React may throw away: that costs nothing. */
export function createClientOfRender(options: AppConfigClientOptions): AppConfigClient {
  return asRegistered(new Client(options, true));
}

/** The registered types are the app's word for what AWS AppConfig delivers. */
function asRegistered<Registered>(value: unknown): Registered;
function asRegistered(value: unknown): unknown {
  return value;
}
