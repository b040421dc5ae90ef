import {
  appConfigQueryKey,
  perName,
  perObject,
  readFlagDefaults,
  type FlagExposure,
  type FlagsProfileName,
} from '../client/index.ts';
import { validate, type StandardSchema } from '../configuration/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import {
  checkFeatureFlags,
  evaluateFlag,
  evaluateFlags,
  findOwn,
  overrideValue,
  toKnownFlags,
} from '../flags/index.ts';
import { callListener, type EvaluationContext } from '../session/index.ts';
import type {
  AppConfigServer,
  AppConfigServerOptions,
  ServerReader,
  ServerReadOptions,
} from './appConfigServerTypes.ts';
import { createHandlerOver } from './createAppConfigHandler.ts';
import { pickAllowedValue } from './allowed.ts';
import { oncePerRequest } from './oncePerRequest.ts';
import type { ServerProfile } from './serverProfile.ts';
import type { ServerConfiguration, ServerSnapshot } from './serverSnapshot.ts';
import { createServerProfiles } from './serverProfiles.ts';
import type { WaitUntil } from './waitUntil.ts';
import { warnUnlessHeard } from './warnUnlessHeard.ts';

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
 *   profiles: { flags: { allow: ['new-checkout'] } },
 * });
 *
 * const checkout = await getFlag('new-checkout'); // in a Server Component or a loader
 */
export function createAppConfigServer(given: AppConfigServerOptions): AppConfigServer {
  const options = { ...given, onError: warnUnlessHeard(given.onError) };
  const { application, environment, source, flags: flagsProfile } = options;
  const { onError, onExposure, beforeRead } = options;
  const serverProfiles = createServerProfiles(options);
  const { allowances } = serverProfiles;
  const defaults = new Map<string, unknown>(Object.entries(options.defaults ?? {}));
  const flagDefaults = perName((profile: string) => readFlagDefaults(defaults, profile));
  if (flagsProfile !== undefined) flagDefaults(flagsProfile);
  const pageSourceName = options.sourceName ?? (source.hasDefaultName ? undefined : source.name);
  const report = (error: AppConfigError) => onError?.(error);
  const asFlags = ({ value, unreadable }: ServerConfiguration) => {
    try {
      if (unreadable) throw unreadable;
      return checkFeatureFlags(value);
    } catch (thrown) {
      report(asAppConfigError(thrown, 'NotFeatureFlags', 'checkFeatureFlags'));
      return undefined;
    }
  };
  const flagsOf = perObject(asFlags);
  const seenInRequest = oncePerRequest(() => new Map<ServerProfile, Promise<Known>>());
  const exposedInRequest = oncePerRequest(() => new Set<string>());

  /** Once a request: several components may read one flag. */
  function expose(exposure: FlagExposure): void {
    const exposed = exposedInRequest();
    const text = JSON.stringify(exposure);
    if (!onExposure || exposed.has(text)) return;
    exposed.add(text);
    callListener(onExposure, exposure);
  }

  async function read(
    profile: string,
    { entityId, context, waitUntil }: EvaluationContext & { waitUntil?: WaitUntil | undefined },
  ): Promise<Known> {
    await beforeRead?.();
    const serverProfile = serverProfiles.get({ profile, entityId, context });
    const seen = seenInRequest();
    const known = seen.get(serverProfile) ?? readNow(serverProfile, waitUntil);
    seen.set(serverProfile, known);
    return known;
  }

  function profileOf(name: string | undefined = flagsProfile): string {
    if (name !== undefined) return name;
    throw new InvalidArgumentError(
      'No profile is named. Name one in the call, or as flags of createAppConfigServer.',
    );
  }

  async function readFlags(from: ServerReadOptions<FlagsProfileName>) {
    const name = profileOf(from.profile);
    const { snapshot, profile, error } = await read(name, from);
    const known = toKnownFlags({
      service: snapshot && flagsOf(snapshot.value),
      versionLabel: snapshot?.versionLabel,
      override: findOwn(from.overrides, name),
      defaults: flagDefaults(name),
      isStale: profile.error !== undefined,
    });
    if (known.overrideError) report(known.overrideError);
    return { known, error: error ?? profile.error, profile: name };
  }

  async function readFlag(key: string, from: ServerReadOptions<FlagsProfileName> = {}) {
    const { known, error, profile } = await readFlags(from);
    const { flag, reason, versionLabel } = evaluateFlag(known, key);
    const isOverridden = reason === 'override' || known.isDocumentOverridden;
    if (onExposure && !isOverridden) {
      const variant = flag._variant;
      expose({
        profile,
        flag: key,
        variant,
        value: flag,
        reason,
        versionLabel,
        entityId: from.entityId,
      });
    }
    return { flag, variant: flag._variant, reason, versionLabel, error };
  }

  async function readConfiguration(
    profile: string,
    { schema, overrides, ...who }: ServerReader & { schema?: StandardSchema | undefined } = {},
  ) {
    const { snapshot, error } = await read(profile, who);
    const configuration = snapshot?.value;
    const isReadable = configuration && !configuration.unreadable;
    const known = isReadable ? configuration.value : defaults.get(profile);
    const value = overrideValue(known, findOwn(overrides, profile) ?? {});
    if (value === undefined) throw error ?? configuration?.unreadable;
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
      { profiles: names = [...allowances.keys()], sourceName = pageSourceName, ...who } = {},
    ) {
      if (sourceName === undefined) {
        throw new InvalidArgumentError(
          "The name of the page's source is not known here, and under another name nothing finds what is prefetched. Give the page's source a name, and the same to createAppConfigServer: agentSource({ endpoint: '/flags', name: 'flags' }) and sourceName: 'flags'.",
        );
      }
      await Promise.all(
        names.map(async (name) => {
          const allowance = allowances.get(name);
          if (allowance === undefined) {
            throw new InvalidArgumentError(
              `Nothing of the profile "${name}" may leave the server. List it in the profiles of createAppConfigServer: { "${name}": { allow: […] } }.`,
              { profile: name },
            );
          }
          const { snapshot, profile } = await read(name, who);
          if (!snapshot) return;
          const { value, versionLabel, contentType } = snapshot;
          if (value.unreadable) {
            report(value.unreadable);
            return;
          }
          const { pollIntervalInSeconds } = profile;
          queryClient.setQueryData(
            appConfigQueryKey({ name: sourceName }, application, environment, name, who),
            {
              value: pickAllowedValue(value.value, allowance),
              versionLabel,
              contentType,
              pollIntervalInSeconds,
            },
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

async function readNow(profile: ServerProfile, waitUntil?: WaitUntil): Promise<Known> {
  try {
    return { profile, snapshot: await profile.readFresh(waitUntil), error: undefined };
  } catch (thrown) {
    // The session has reported it.
    const error = asAppConfigError(thrown, 'ServiceFailure', 'The source');
    return { profile, snapshot: undefined, error };
  }
}
