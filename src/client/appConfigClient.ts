import { QueryClient } from '@tanstack/react-query';
import { isSameStructure } from '../configuration/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import {
  assertEvaluationContext,
  systemClock,
  assertSource,
  toConfigurationRequest,
  type Clock,
  type ConfigurationSource,
  type EvaluationContext,
} from '../session/index.ts';
import type {
  AppConfigClientOptions,
  AppConfigListener,
  ClientListener,
} from './appConfigClientOptions.ts';
import { assertQueryClient } from './assertions.ts';
import { CurrentObserver } from './currentObserver.ts';
import { warn } from './developmentWarnings.ts';
import { Exposures } from './exposures.ts';
import { readFlagDefaults } from './flagDefaults.ts';
import { isServer } from './isServer.ts';
import { perName } from './memoize.ts';
import type { OverrideStore } from './overrides.ts';
import { Profile } from './profile.ts';
import { ProfileObserver } from './profileObserver.ts';
import { SourceChanges } from './sourceChanges.ts';
import { countUnusedClient, forgetUnusedClients } from './startBreaker.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Options that need a new client when they change; the others are read once. */
const IDENTITY = [
  'application',
  'environment',
  'flags',
  'queryClient',
  'requiredMinimumPollIntervalInSeconds',
] as const satisfies (keyof AppConfigClientOptions)[];
/**
 * Everything that a provider holds: one session and one shared QueryObserver a profile, and the
 * stores that hooks subscribe to. Make one yourself to share it between React roots, to keep it above
 * a Suspense boundary that surrounds the provider, or to use it without React.
 *
 * @throws InvalidArgumentError for identifiers, an interval, a source or defaults that cannot be used.
 */
export class AppConfigClient implements AppConfigListener {
  readonly queryClient: QueryClient;
  /** May be replaced at any time. */
  onError: AppConfigListener['onError'];
  #onExposure: AppConfigListener['onExposure'];
  /** May be replaced at any time. */
  onChange: AppConfigListener['onChange'];
  /** @internal What hooks read of a profile. */
  readonly profile: (name: string) => Profile;
  readonly #options: AppConfigClientOptions & { readonly clock: Clock };
  readonly #defaults: ReadonlyMap<string, unknown>;
  readonly #observers = new Map<string, CurrentObserver>();
  #flags: Profile | undefined;
  #mounts = 0;
  #wasMounted = false;
  #msBeforeFirstPoll = 0;
  readonly #listeners = new Set<ClientListener>();
  readonly #exposures: Exposures;
  readonly #sourceChanges: SourceChanges;
  readonly #told = new Set<string>();

  constructor(options: AppConfigClientOptions) {
    toConfigurationRequest({ ...options, profile: options.flags ?? 'flags' });
    assertSource(options.source);
    assertQueryClient(options.queryClient);
    this.#options = { ...options, clock: options.clock ?? systemClock };
    this.#sourceChanges = new SourceChanges(options.source);
    this.#defaults = new Map(Object.entries(options.defaults ?? {}));
    this.queryClient = options.queryClient ?? new QueryClient();
    this.onError = options.onError;
    this.#onExposure = options.onExposure;
    this.onChange = options.onChange;
    this.#exposures = new Exposures(this.#options, (isTool) =>
      this.#listenersFor('onExposure', (listener) => (listener.isTool ?? false) === isTool),
    );
    this.profile = perName((name) => this.#createProfile(name));
    this.#adoptFlagsProfile();
    if (options.flags !== undefined) readFlagDefaults(this.#defaults, options.flags);
  }

  /** May be replaced at any time. */
  get onExposure(): AppConfigListener['onExposure'] {
    return this.#onExposure;
  }

  set onExposure(onExposure: AppConfigListener['onExposure']) {
    this.#onExposure = onExposure;
    this.#exposures.schedule();
  }

  /**
   * @internal What hooks read of the profile that they name, or else of the provider's `flags`.
   *
   * @throws InvalidArgumentError when there is neither.
   */
  profileOrFlags(name: string | undefined): Profile {
    if (name !== undefined) return this.profile(name);
    if (!this.#flags) {
      const { flags } = this.#options;
      if (flags === undefined) {
        throw new InvalidArgumentError(
          'No profile is named. Name one in the hook, or as flags of the provider.',
        );
      }
      this.#flags = this.profile(flags);
    }
    return this.#flags;
  }

  /**
   * @internal Begins to follow focus and network for as long as a provider is mounted.
   *
   * @param isOwner whether the sessions end with the last mount.
   * @returns a function that ends it.
   */
  mount(isOwner: boolean): () => void {
    this.#mounts += 1;
    this.#wasMounted = true;
    forgetUnusedClients(this.#breakerKey);
    if (isOwner) {
      // The provider listens from now on, with its newest callbacks.
      for (const event of ['onError', 'onExposure', 'onChange'] as const) {
        if (this[event] === this.#options[event]) this[event] = undefined;
      }
    }
    this.queryClient.mount();
    return () => {
      this.#mounts -= 1;
      this.queryClient.unmount();
      // Later, so that StrictMode's second mount finds the session that its first one started.
      if (isOwner) queueMicrotask(() => this.#mounts === 0 && this.dispose());
    };
  }

  /** @internal Switches to another source of the same name, unless each render brings a new one. */
  replaceSource(source: ConfigurationSource): void {
    if (source === this.#options.source) return;
    if (!this.#sourceChanges.accept(source, this.#options.clock.now())) {
      this.#tellOnce('get another source in every render; the one before stays in use');
      return;
    }
    this.#options.source = source;
    for (const observer of this.#observers.values()) observer.current.replaceSource(source);
  }

  /**
   * Evaluates flags for another audience from now on: the old values stay, as stale, until the new answer is
   * there. An equal context changes nothing.
   *
   * @throws InvalidArgumentError for an entity or a context that cannot be asked for.
   */
  setEvaluationContext({ entityId, context }: EvaluationContext): void {
    if (this.isFor({ entityId, context })) return;
    assertEvaluationContext({ entityId, context });
    Object.assign(this.#options, { entityId, context });
    for (const [profile, observer] of this.#observers) {
      observer.replace(this.#createObserver(profile));
    }
  }

  /** @internal Whether flags are evaluated for this entity and context. */
  isFor({ entityId, context = {} }: EvaluationContext): boolean {
    const own = this.#options;
    return own.entityId === entityId && isSameStructure(own.context ?? {}, context);
  }

  /** @internal Whether a provider with these options can go on with this client. */
  isMadeOf(options: AppConfigClientOptions): boolean {
    const own = this.#options;
    return (
      IDENTITY.every((key) => own[key] === options[key]) && own.source.name === options.source?.name
    );
  }

  /** @internal Slows down a client that was made for a render which may be thrown away, like those before. */
  countAsUnused(): void {
    // Only a page throws a render away and begins anew by itself; a server's requests are all first ones.
    if (isServer()) return;
    const now = this.#options.clock.now();
    this.#msBeforeFirstPoll = countUnusedClient(this.#breakerKey, now);
    if (this.#msBeforeFirstPoll > 0) {
      this.#tellOnce(
        'start and are never used, so the next one waits. A Suspense boundary above <AppConfigProvider> throws them away, or the source is made anew in each render',
      );
    }
  }

  /** The overrides of what the service says. */
  get overrides(): OverrideStore | undefined {
    return this.#options.overrides;
  }

  /** Switches to another store of overrides, or to none. */
  setOverrides(overrides: OverrideStore | undefined): void {
    if (overrides === this.#options.overrides) return;
    this.#options.overrides = overrides;
    this.#adoptFlagsProfile();
    for (const observer of this.#observers.values()) observer.replaceOverrides(overrides);
  }

  /** @internal Adds a listener; the returned function removes it. */
  listen(listener: ClientListener): () => void {
    this.#listeners.add(listener);
    this.#exposures.schedule();
    return () => this.#listeners.delete(listener);
  }

  /** @internal Whether several providers use it. */
  get isShared(): boolean {
    return this.#mounts > 1;
  }

  /** @internal The profiles that were asked for. */
  get profiles(): readonly Profile[] {
    return Array.from(this.#observers.keys(), (name) => this.profile(name));
  }

  /** @internal For whom flags are evaluated. */
  get evaluationContext(): EvaluationContext {
    return { entityId: this.#options.entityId, context: this.#options.context };
  }

  /** Ends all sessions. A client that is used again starts new ones; its configurations stay. */
  dispose(): void {
    for (const observer of this.#observers.values()) observer.current.dispose();
  }

  #adoptFlagsProfile(): void {
    const { overrides, flags } = this.#options;
    if (flags !== undefined) overrides?.adoptFlagsProfile?.(flags);
  }

  #createProfile(profile: string): Profile {
    const observer = new CurrentObserver(
      profile,
      this.#createObserver(profile),
      this.#options.overrides,
    );
    this.#observers.set(profile, observer);
    return new Profile({
      name: profile,
      observer,
      fallback: this.#defaults.get(profile),
      readFlagDefaults: () => readFlagDefaults(this.#defaults, profile),
      report: (error) => this.#report(error),
      noteRead: (flag) => this.#exposures.note(flag),
      noteChange: (change) => {
        // Later, because a provider that renders with a new callback listens anew, after its children.
        queueMicrotask(() => {
          for (const onChange of this.#listenersFor('onChange')) {
            queueMicrotask(() => onChange(change));
          }
        });
      },
    });
  }

  /** The listeners of an event that `isMeant` selects, each once. */
  #listenersFor<Event extends keyof AppConfigListener>(
    event: Event,
    isMeant: (listener: ClientListener) => boolean = () => true,
  ): ReadonlySet<NonNullable<AppConfigListener[Event]>> {
    const everybody: ClientListener[] = [this, ...this.#listeners];
    return new Set(everybody.filter(isMeant).flatMap((listener) => listener[event] ?? []));
  }

  #createObserver(profile: string): ProfileObserver {
    return new ProfileObserver({
      ...this.#options,
      profile,
      queryClient: this.queryClient,
      msBeforeFirstPoll: () => (this.#wasMounted ? 0 : this.#msBeforeFirstPoll),
      onError: (error) => this.#report(error),
    });
  }

  #report(error: AppConfigError): void {
    // Later, because a child's effect may find the error before the provider's has begun to listen.
    queueMicrotask(() => {
      if (this.#tell(error) === 0 && process.env.NODE_ENV !== 'production') {
        if (this.#told.has('failure')) return;
        this.#told.add('failure');
        warn(`${error.code}: ${error.message} Give the provider onError to hear of failures.`);
      }
    });
  }

  /** Calls each listener once, each by itself, and returns how many there are. */
  #tell(error: AppConfigError): number {
    const listeners = this.#listenersFor('onError');
    for (const onError of listeners) queueMicrotask(() => onError(error));
    return listeners.size;
  }

  get #breakerKey(): string {
    const { source, application, environment, entityId, context } = this.#options;
    return JSON.stringify([source.name, application, environment, entityId, context]);
  }

  /** Reports a mistake that only the app's code can fix, once and in development only. */
  #tellOnce(problem: string): void {
    if (process.env.NODE_ENV === 'production' || this.#told.has(problem)) return;
    this.#told.add(problem);
    const message = `Sessions of "${this.#options.source.name}" ${problem}: make the source once, outside of components.`;
    warn(message);
    queueMicrotask(() => this.#tell(new InvalidArgumentError(message)));
  }
}
