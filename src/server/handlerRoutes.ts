import { LRUCache } from 'lru-cache';
import { agentPath, readAgentPath } from '../agentRoute/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { isForEverybody, systemClock } from '../session/index.ts';
import { AllowedProfile } from './allowedProfile.ts';
import { isAllowed, type AllowedProfiles, type AnyAllowance } from './allowed.ts';
import { createEncodedVersions, type EncodedVersions } from './encodedVersions.ts';
import type { HandlerQuestion } from './handlerRequest.ts';
import type { ServerProfile } from './serverProfile.ts';
import type { ServerProfiles, ServerProfilesOptions } from './serverProfiles.ts';

const MAX_URL_LENGTH = 16_384;
/** How many different `?flag=` queries to one profile are kept. */
const MAX_SELECTIONS = 200;
/** Letters, digits and `-._~` that are percent-encoded, which no well-behaved client does. */
const DISGUISED = /%(2[DE]|3\d|[46][1-9A-F]|[57][0-9A]|5F|7E)/i;

/** What may be asked for, and where. */
export interface HandlerRoutesOptions {
  /**
   * The profiles that may be asked for, and what of each may leave the server. Nothing else does.
   *
   * @example { flags: { allow: ['dark-mode', 'new-checkout'] }, 'site-settings': { allow: 'all' } }
   */
  profiles: AllowedProfiles;
  /**
   * What stands in the URL before `/applications/…`, such as `/flags`.
   * @default nothing
   */
  basePath?: string | undefined;
}

/** A profile that may be asked for. */
export interface HandlerRoute {
  /** All of it that may leave the server, the same for everybody. */
  readonly whole: AllowedProfile;
  /** The part that is wanted, and for whom; undefined if a named flag may not leave the server. */
  select(question: HandlerQuestion): AllowedProfile | undefined;
}

/** The profile that a URL names, and the query that comes after it. */
interface FoundRoute {
  readonly route: HandlerRoute;
  readonly query: string;
}

/**
 * The profiles that a handler answers, by URL.
 *
 * @throws InvalidArgumentError for a base path that is not one.
 */
export function createHandlerRoutes(
  serverProfiles: ServerProfiles,
  report: (error: AppConfigError) => void,
  {
    basePath = '',
    application,
    environment,
  }: Pick<HandlerRoutesOptions, 'basePath'> &
    Pick<ServerProfilesOptions, 'application' | 'environment'>,
) {
  if (basePath !== '' && !basePath.startsWith('/')) {
    throw new InvalidArgumentError(`basePath must begin with "/", unlike "${basePath}".`);
  }
  const base = basePath.replace(/\/+$/, '');
  const routes = new Map(
    [...serverProfiles.allowances].map(([profile, allowance]) => [
      base + agentPath({ application, environment, profile }),
      createRoute(serverProfiles, report, profile, allowance),
    ]),
  );

  function findRoute(url: string): FoundRoute | undefined {
    if (url.length > MAX_URL_LENGTH) return undefined;
    const { pathname, query } = splitUrl(url);
    const route = routes.get(pathname) ?? routes.get(canonicalPath(base, pathname));
    return route && { route, query };
  }

  // Most requests ask for the same.
  let last: { readonly url: string; readonly found: FoundRoute | undefined } | undefined;
  return {
    find(url: string): FoundRoute | undefined {
      if (last?.url !== url) last = { url, found: findRoute(url) };
      return last.found;
    },
  };
}

function createRoute(
  serverProfiles: ServerProfiles,
  report: (error: AppConfigError) => void,
  name: string,
  allowance: AnyAllowance,
): HandlerRoute {
  const shared = serverProfiles.get({ profile: name });
  const { clock = systemClock } = serverProfiles;
  const common = { allowance, report, clock };
  const whole = new AllowedProfile(
    shared,
    createEncodedVersions({ ...common, flagKeys: [], encodings: ['br', 'gzip'] }),
  );
  const versions = new LRUCache<string, EncodedVersions>({ max: MAX_SELECTIONS });
  const selections = new LRUCache<string, AllowedProfile>({ max: MAX_SELECTIONS });
  // As long as a profile is kept, so is what was made of it.
  const byAudience = new WeakMap<ServerProfile, AllowedProfile>();

  /** The encoded versions of a selection of flags, for all who are answered with it. */
  function versionsOf(flagKeys: readonly string[]): EncodedVersions {
    const key = JSON.stringify(flagKeys);
    const known = versions.get(key);
    if (known) return known;
    const made = createEncodedVersions({ ...common, flagKeys, encodings: ['gzip'] });
    versions.set(key, made);
    return made;
  }

  return {
    whole,
    select({ flagKeys, ...audience }) {
      if (flagKeys.some((key) => !isAllowed(allowance, key))) return undefined;
      if (isForEverybody(audience)) {
        if (flagKeys.length === 0) return whole;
        const key = JSON.stringify(flagKeys);
        const selection = selections.get(key) ?? new AllowedProfile(shared, versionsOf(flagKeys));
        selections.set(key, selection);
        return selection;
      }
      const profile = serverProfiles.get({
        profile: name,
        ...audience,
        flagKeys: flagKeys.length > 0 ? flagKeys : undefined,
      });
      const own = byAudience.get(profile) ?? new AllowedProfile(profile, versionsOf(flagKeys));
      byAudience.set(profile, own);
      return own;
    },
  };
}

/**
 * The same path in the spelling that this package writes; the path itself where it is none of the Agent's. A slash at
 * the end is what frameworks with such addresses redirect to.
 */
function canonicalPath(base: string, pathname: string): string {
  if (!pathname.startsWith(base) || DISGUISED.test(pathname)) return pathname;
  const names = readAgentPath(pathname.slice(base.length).replace(/\/$/, ''));
  return names ? base + agentPath(names) : pathname;
}

/** Path and query of an absolute URL, as they came. */
function splitUrl(url: string): { pathname: string; query: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.indexOf('?', start);
  return end === -1
    ? { pathname: url.slice(start), query: '' }
    : { pathname: url.slice(start, end), query: url.slice(end + 1) };
}
