import { QueryClient } from '@tanstack/react-query';
import {
  checkFeatureFlags,
  type DecodeOptions,
  type UntypedFeatureFlags,
} from '../configuration/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { checkStartInput, type Clock, type ConfigurationSource } from '../session/index.ts';
import { perName } from './memoize.ts';
import { createProfileObserver, type ProfileObserver } from './profileObserver.ts';
import type { FlagsProfileName, ProfileDocument, ProfileName } from './register.ts';

/** What an {@link AppConfigClient}, and so an `<AppConfigProvider>`, is made of. */
export interface AppConfigClientOptions extends DecodeOptions {
  /** The application's id or name in AWS AppConfig, 1 to 128 characters. */
  application: string;
  /** The environment's id or name in AWS AppConfig, 1 to 128 characters. */
  environment: string;
  /** Where configurations come from. Make it once, outside of components. */
  source: ConfigurationSource;
  /** The feature-flag profile that flag hooks read when they name none. */
  flags?: FlagsProfileName | undefined;
  /** What components see of a profile before its first configuration arrives. Read once. */
  defaults?: { readonly [Profile in ProfileName]?: ProfileDocument<Profile> } | undefined;
  /**
   * Where configurations are kept.
   * @default the nearest QueryClientProvider's client, or one of its own
   */
  queryClient?: QueryClient | undefined;
  /**
   * The least number of seconds between two polls, 15 to 86,400. The answered interval outranks it.
   * @default the service's own, 60 at the time of writing
   */
  requiredMinimumPollIntervalInSeconds?: number | undefined;
  /**
   * Milliseconds after which an unanswered request counts as failed.
   * @default 30000
   */
  requestTimeoutMs?: number | undefined;
  /** Called once for each thing that goes wrong, while everything goes on with the last good configuration. */
  onError?: ((error: AppConfigError) => void) | undefined;
  /** Where time comes from. @default the machine's */
  clock?: Clock | undefined;
  /** Numbers from 0 to 1 for the jitter. @default Math.random */
  random?: (() => number) | undefined;
}

/**
 * Everything that a provider holds: one session and one shared QueryObserver a profile, and the
 * stores that hooks subscribe to. Make one yourself to share it between React roots, to keep it above
 * a Suspense boundary that surrounds the provider, or to use it without React.
 *
 * @throws InvalidArgumentError for identifiers, an interval, a source or defaults that cannot be used.
 */
export class AppConfigClient {
  readonly queryClient: QueryClient;
  /** May be replaced at any time. */
  onError: ((error: AppConfigError) => void) | undefined;
  /** @internal The shared observer of a profile. */
  readonly profile: (name: string) => ProfileObserver;
  readonly #options: AppConfigClientOptions;
  readonly #defaults: ReadonlyMap<string, unknown>;
  readonly #observers: ProfileObserver[] = [];
  #mounts = 0;

  constructor(options: AppConfigClientOptions) {
    checkStartInput({ ...options, profile: options.flags ?? 'flags' });
    if (typeof options.source?.getLatestConfiguration !== 'function') {
      throw new InvalidArgumentError('source must be a source such as appConfigDataSource(…).');
    }
    this.#options = options;
    this.#defaults = new Map(Object.entries(options.defaults ?? {}));
    this.queryClient = options.queryClient ?? new QueryClient();
    this.onError = options.onError;
    this.profile = perName((name) => this.#createObserver(name));
    if (options.flags !== undefined) this.flagDefaults(options.flags);
  }

  /**
   * @internal The name of a profile, the provider's `flags` if none is given.
   *
   * @throws InvalidArgumentError when there is neither.
   */
  profileName(profile: string | undefined = this.#options.flags): string {
    if (profile !== undefined) return profile;
    throw new InvalidArgumentError(
      'No profile is named. Name one in the hook, or as flags of the provider.',
    );
  }

  /** @internal What components see of a profile before there is anything else. */
  defaultOf(profile: string): unknown {
    return this.#defaults.get(profile);
  }

  /** @internal The same of a flag profile. @throws InvalidArgumentError if it holds no flags. */
  flagDefaults(profile: string): UntypedFeatureFlags | undefined {
    const defaults = this.defaultOf(profile);
    try {
      return defaults === undefined ? undefined : checkFeatureFlags(defaults);
    } catch (cause) {
      throw new InvalidArgumentError(
        `defaults["${profile}"] is no feature-flag document. Give it flags like { dark: { enabled: false } }.`,
        { profile, cause },
      );
    }
  }

  /** @internal Tells `onError`: later, because a hook may find the error while it renders. */
  report(error: AppConfigError): void {
    queueMicrotask(() => this.onError?.(error));
  }

  /**
   * @internal Begins to follow focus and network for as long as a provider is mounted.
   *
   * @param isOwner whether the sessions end with the last mount.
   * @returns a function that ends it.
   */
  mount(isOwner: boolean): () => void {
    this.#mounts += 1;
    this.queryClient.mount();
    return () => {
      this.#mounts -= 1;
      this.queryClient.unmount();
      // Later, so that StrictMode's second mount finds the session that its first one started.
      if (isOwner) queueMicrotask(() => this.#mounts === 0 && this.dispose());
    };
  }

  /** Ends all sessions. A client that is used again starts new ones; its configurations stay. */
  dispose(): void {
    for (const observer of this.#observers) observer.dispose();
  }

  #createObserver(profile: string): ProfileObserver {
    const observer = createProfileObserver({
      ...this.#options,
      profile,
      queryClient: this.queryClient,
      onError: (error) => this.onError?.(error),
    });
    this.#observers.push(observer);
    return observer;
  }
}
