import type { QueryClient } from '@tanstack/react-query';
import {
  appConfigQueryKey,
  findOverride,
  overrideValue,
  perName,
  perObject,
  readFlagDefaults,
  type FlagDetails,
  type FlagKey,
  type FlagOf,
  type FlagsOf,
  type FlagsProfileName,
  type OverriddenProfiles,
  type ProfileDocument,
  type ProfileName,
} from '../client/index.ts';
import { validate, type StandardSchema } from '../configuration/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { checkFeatureFlags, evaluateFlag, evaluateFlags, type KnownFlags } from '../flags/index.ts';
import type { EvaluationContext } from '../session/index.ts';
import {
  createHandlerOver,
  type AppConfigHandler,
  type AppConfigHandlerOptions,
} from './createAppConfigHandler.ts';
import { exposeValue, type ExposedProfiles } from './exposure.ts';
import { oncePerRequest } from './oncePerRequest.ts';
import type { ServerConfiguration, ServerProfile, ServerSnapshot } from './serverProfile.ts';
import { createServerProfiles, type ServerProfilesOptions } from './serverProfiles.ts';
import { warnUnlessHeard } from './warnUnlessHeard.ts';

/** What {@link createAppConfigServer} is made of. */
export interface AppConfigServerOptions extends ServerProfilesOptions {
  /** The feature-flag profile that is read where none is named. */
  flags?: FlagsProfileName | undefined;
  /**
   * What may leave the server, with `prefetchAppConfig` and `createHandler`. Nothing else does.
   *
   * @example { flags: { expose: ['dark-mode', 'new-checkout'] }, 'site-settings': { expose: 'all' } }
   */
  profiles?: ExposedProfiles | undefined;
  /** What is read of a profile before its first configuration arrives. Read once. */
  defaults?: { readonly [Profile in ProfileName]?: ProfileDocument<Profile> } | undefined;
  /**
   * Awaited before each reading: `io` of `next/cache`, where Next's `cacheComponents` wants to know of what
   * must not be part of a page that is rendered beforehand. Inside of `'use cache'` it lets through.
   *
   * @see https://nextjs.org/docs/app/api-reference/functions/io
   */
  beforeRead?: (() => Promise<unknown>) | undefined;
}

/** For whom something is read on a server. */
export interface ServerReader extends EvaluationContext {
  /** A person's overrides: `await readOverridesCookie(…)` of `react-appconfig/overrides`. */
  overrides?: OverriddenProfiles | undefined;
}

/** For whom, and from which profile, something is read on a server. */
export interface ServerReadOptions<
  Profile extends ProfileName = FlagsProfileName,
> extends ServerReader {
  /**
   * The profile in question.
   * @default the server's `flags`
   */
  profile?: Profile | undefined;
}

/** What is read where it is rendered or loaded on a server. The functions need no `this`. */
export interface AppConfigServer {
  /**
   * A flag with its attributes, from memory: a poll that is due runs in the background. It waits only for the
   * very first one and, for a second at most, one that is late because nobody has asked for a while. Where
   * nothing can be loaded, this is the default for the flag, or `{ enabled: false }`.
   */
  getFlag<
    Profile extends ProfileName = FlagsProfileName,
    Key extends FlagKey<Profile> = FlagKey<Profile>,
  >(
    key: Key,
    options?: ServerReadOptions<Profile>,
  ): Promise<FlagOf<Profile, Key>>;
  /** A flag together with its variant, its version and the reason for it. */
  getFlagDetails<
    Profile extends ProfileName = FlagsProfileName,
    Key extends FlagKey<Profile> = FlagKey<Profile>,
  >(
    key: Key,
    options?: ServerReadOptions<Profile>,
  ): Promise<FlagDetails<FlagOf<Profile, Key>>>;
  /** All flags of a profile, with the defaults where a flag is not known. */
  getFlags<Profile extends ProfileName = FlagsProfileName>(
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
   * `sourceName` is the `name` of the page's source, where that is another one than the server's.
   *
   * @throws InvalidArgumentError, as a rejection, for a profile of which nothing may leave.
   */
  prefetchAppConfig(
    queryClient: QueryClient,
    options?: EvaluationContext & {
      profiles?: readonly ProfileName[] | undefined;
      sourceName?: string | undefined;
    },
  ): Promise<void>;
  /** A handler for browsers, over the same upstream sessions, of what may leave the server. */
  createHandler(options?: Omit<AppConfigHandlerOptions, 'profiles'>): AppConfigHandler;
}

/**
 * AWS AppConfig in a server that renders: one upstream session per profile for the whole process, however many
 * pages are rendered. Make it once, in a module. Within one request Server Components all see one version.
 *
 * @throws InvalidArgumentError for identifiers, an interval or defaults that cannot be used.
 *
 * @example
 * export const { getFlag, prefetchAppConfig } = createAppConfigServer({
 *   application: 'shop',
 *   environment: 'production',
 *   source: appConfigDataSource({ region: 'eu-central-1' }),
 *   flags: 'flags',
 *   profiles: { flags: { expose: ['new-checkout'] } },
 * });
 *
 * const checkout = await getFlag('new-checkout'); // in a Server Component or a loader
 */
export function createAppConfigServer(given: AppConfigServerOptions): AppConfigServer {
  const options = { ...given, onError: warnUnlessHeard(given.onError) };
  const { application, environment, source, flags: flagsProfile, onError, beforeRead } = options;
  const serverProfiles = createServerProfiles(options);
  const exposures = new Map(Object.entries(options.profiles ?? {}));
  const defaults = new Map<string, unknown>(Object.entries(options.defaults ?? {}));
  const flagDefaults = perName((profile: string) => readFlagDefaults(defaults, profile));
  if (flagsProfile !== undefined) flagDefaults(flagsProfile);
  const report = (error: AppConfigError) => onError?.(error);
  const asFlags = (value: unknown) => {
    try {
      return checkFeatureFlags(value);
    } catch (thrown) {
      report(asAppConfigError(thrown, 'NotFeatureFlags', 'checkFeatureFlags'));
      return undefined;
    }
  };
  const flagsOf = perObject((configuration: ServerConfiguration) => asFlags(configuration.value));
  const seenInRequest = oncePerRequest(() => new Map<ServerProfile, Promise<Known>>());

  async function read(profile: string, { entityId, context }: EvaluationContext): Promise<Known> {
    await beforeRead?.();
    const serverProfile = serverProfiles.get({ profile, entityId, context });
    const seen = seenInRequest();
    const known = seen.get(serverProfile) ?? readNow(serverProfile);
    seen.set(serverProfile, known);
    return known;
  }

  function profileOf(name: string | undefined = flagsProfile): string {
    if (name !== undefined) return name;
    throw new InvalidArgumentError(
      'No profile is named. Name one in the call, or as flags of createAppConfigServer.',
    );
  }

  async function readFlags(from: ServerReadOptions<ProfileName>) {
    const name = profileOf(from.profile);
    const { snapshot, profile, error } = await read(name, from);
    const override = findOverride(from.overrides, name) ?? {};
    const known: KnownFlags = {
      overrides: asFlags(overrideValue({}, override)),
      loaded:
        override.document === undefined
          ? snapshot && flagsOf(snapshot.value)
          : asFlags(override.document),
      defaults: flagDefaults(name),
      isStale: profile.error !== undefined,
      versionLabel: snapshot?.versionLabel,
    };
    return { known, error: error ?? profile.error };
  }

  async function readFlag(key: string, from: ServerReadOptions<ProfileName> = {}) {
    const { known, error } = await readFlags(from);
    const { flag, reason, versionLabel } = evaluateFlag(known, key);
    return { flag, variant: flag._variant, reason, versionLabel, error };
  }

  async function readConfiguration(
    profile: string,
    { schema, overrides, ...who }: ServerReader & { schema?: StandardSchema | undefined } = {},
  ) {
    const { snapshot, error } = await read(profile, who);
    const known = snapshot ? snapshot.value.value : defaults.get(profile);
    const value = overrideValue(known, findOverride(overrides, profile) ?? {});
    if (value === undefined) throw error;
    return schema ? validate(value, schema) : value;
  }

  return {
    getFlag: async (key, readOptions) => asRegistered((await readFlag(key, readOptions)).flag),
    getFlagDetails: async (key, readOptions) => asRegistered(await readFlag(key, readOptions)),
    getFlags: async (readOptions = {}) =>
      asRegistered(evaluateFlags((await readFlags(readOptions)).known)),
    getConfiguration: async (profile, readOptions) =>
      asRegistered(await readConfiguration(profile, readOptions)),
    async prefetchAppConfig(
      queryClient,
      { profiles: names = [...exposures.keys()], sourceName = source.name, ...who } = {},
    ) {
      await Promise.all(
        names.map(async (name) => {
          const exposure = exposures.get(name)?.expose;
          if (exposure === undefined) {
            throw new InvalidArgumentError(
              `Nothing of the profile "${name}" may leave the server. List it in the profiles of createAppConfigServer: { "${name}": { expose: […] } }.`,
              { profile: name },
            );
          }
          const { snapshot, profile } = await read(name, who);
          if (!snapshot) return;
          const { value, versionLabel, contentType } = snapshot;
          queryClient.setQueryData(
            appConfigQueryKey({ name: sourceName }, application, environment, name, who),
            { value: exposeValue(value.value, exposure), versionLabel, contentType },
            { updatedAt: profile.confirmedAt },
          );
        }),
      );
    },
    createHandler: (handlerOptions) =>
      createHandlerOver(serverProfiles, {
        ...handlerOptions,
        application,
        environment,
        profiles: Object.fromEntries(exposures),
        onError,
      }),
  };
}

/** The registered types are the app's word for what AWS AppConfig delivers. */
function asRegistered<Registered>(value: unknown): Registered;
function asRegistered(value: unknown): unknown {
  return value;
}

/** What is known of a profile at the moment of a reading. */
interface Known {
  readonly profile: ServerProfile;
  readonly snapshot: ServerSnapshot | undefined;
  readonly error: AppConfigError | undefined;
}

async function readNow(profile: ServerProfile): Promise<Known> {
  try {
    return { profile, snapshot: await profile.readFresh(), error: undefined };
  } catch (thrown) {
    // The session has reported it.
    const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
    return { profile, snapshot: undefined, error };
  }
}
