import type { QueryClient } from '@tanstack/react-query';
import type {
  FlagDetails,
  FlagExposure,
  DefaultFlagsProfileName,
  FlagKey,
  FlagOf,
  FlagsOf,
  FlagsProfileName,
  GivenDocument,
  ProfileDocument,
  ProfileName,
} from '../client/index.ts';
import type { OverriddenProfiles } from '../flags/index.ts';
import type { StandardSchema } from '../configuration/index.ts';
import type { EvaluationContext } from '../session/index.ts';
import type { AppConfigHandler, AppConfigHandlerOptions } from './createAppConfigHandler.ts';
import type { AllowedProfiles } from './allowed.ts';
import type { ServerProfilesOptions } from './serverProfiles.ts';

/** What `createAppConfigServer` is made of. */
export interface AppConfigServerOptions extends ServerProfilesOptions {
  /** The feature-flag profile that is read where none is named. */
  flags?: FlagsProfileName | undefined;
  /**
   * What may leave the server, with `prefetchAppConfig` and `createHandler`. Nothing else does.
   *
   * @example { flags: { allow: ['dark-mode', 'new-checkout'] }, 'site-settings': { allow: 'all' } }
   */
  profiles?: AllowedProfiles | undefined;
  /** What is read of a profile before its first configuration arrives. Read once. */
  defaults?: { readonly [Profile in ProfileName]?: GivenDocument<Profile> } | undefined;
  /**
   * The `name` of the page's source, for `prefetchAppConfig`: what is prefetched is found under that name alone.
   * @default the name of the server's source, if it was given one
   */
  sourceName?: string | undefined;
  /**
   * Called with each flag that `getFlag` and `getFlagDetails` have read: once a request for each value and entity,
   * where React's `cache` knows of requests, else each time. Overridden flags are left out.
   */
  onExposure?: ((exposure: FlagExposure) => void) | undefined;
  /**
   * Awaited before each reading, for a framework that wants to know of what must not be part of a page that is
   * rendered beforehand. For Next.js, `react-appconfig/next` brings its own.
   */
  beforeRead?: (() => Promise<unknown>) | undefined;
}

/** What a platform that ends with its answer needs. */
export interface ServerPlatform {
  /**
   * Keeps the platform awake until a poll that was started in the background is over: `context.waitUntil` of a Worker,
   * or `(promise) => after(() => promise)` with `after` of `next/server`.
   * @default nothing: what the platform drops is asked for again after a while
   */
  waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** For whom something is read on a server, and how. */
export interface ServerReader extends EvaluationContext, ServerPlatform {
  /** A person's overrides: `await readOverridesCookie(…)` of `react-appconfig/overrides`. */
  overrides?: OverriddenProfiles | undefined;
}

/** For whom, and from which profile, something is read on a server. */
export interface ServerReadOptions<
  Profile extends FlagsProfileName = DefaultFlagsProfileName,
> extends ServerReader {
  /**
   * The profile in question.
   * @default the server's `flags`
   */
  profile?: Profile | undefined;
}

/** What is prefetched for a page, and for whom. */
export interface PrefetchOptions extends EvaluationContext, ServerPlatform {
  /** @default all profiles of which something may leave */
  profiles?: readonly ProfileName[] | undefined;
  /** The `name` of the page's source. @default the server's own `sourceName` */
  sourceName?: string | undefined;
}

/** What is read where it is rendered or loaded on a server. The functions need no `this`. */
export interface AppConfigServer {
  /**
   * A flag with its attributes, from memory: a poll that is due runs in the background. It waits only for the
   * very first one and, for a second at most, one that is late because nobody has asked for a while. Where
   * nothing can be loaded, this is the default for the flag, or `{ enabled: false }`.
   */
  getFlag<
    Profile extends FlagsProfileName = DefaultFlagsProfileName,
    Key extends FlagKey<Profile> = FlagKey<Profile>,
  >(
    key: Key,
    options?: ServerReadOptions<Profile>,
  ): Promise<FlagOf<Profile, Key>>;
  /** A flag together with its variant, its version and the reason for it. */
  getFlagDetails<
    Profile extends FlagsProfileName = DefaultFlagsProfileName,
    Key extends FlagKey<Profile> = FlagKey<Profile>,
  >(
    key: Key,
    options?: ServerReadOptions<Profile>,
  ): Promise<FlagDetails<FlagOf<Profile, Key>>>;
  /** All flags of a profile, with the defaults where a flag is not known. */
  getFlags<Profile extends FlagsProfileName = DefaultFlagsProfileName>(
    options?: ServerReadOptions<Profile>,
  ): Promise<FlagsOf<Profile>>;
  /**
   * The document of a profile: the last good one, or the default for it.
   *
   * @throws AppConfigError, as a rejection, where there is neither, or where it does not satisfy the schema.
   */
  getConfiguration<Profile extends ProfileName, Document = ProfileDocument<Profile>>(
    profile: Profile,
    options?: ServerReader & { schema?: StandardSchema<Document> | undefined },
  ): Promise<Document>;
  /**
   * Puts profiles into the query cache of one request, for `dehydrate` and `<HydrationBoundary>`: the page
   * then shows what the server's HTML shows, and asks for nothing before the poll interval is over. What may
   * not leave the server is left out, and so is what cannot be loaded. Without names, all profiles that
   * may leave are used.
   *
   * @throws InvalidArgumentError, as a rejection, for a profile of which nothing may leave, and where neither the
   * server's source was given a `name` that the page's may have, too, nor `sourceName` says that one.
   */
  prefetchAppConfig(queryClient: QueryClient, options?: PrefetchOptions): Promise<void>;
  /** A handler for browsers, over the same upstream sessions, of what may leave the server. */
  createHandler(options?: Omit<AppConfigHandlerOptions, 'profiles'>): AppConfigHandler;
}
