import { LRUCache } from 'lru-cache';
import { readAgentPath, toHeaderText } from '../agentRoute/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { corsHeaders, preflightHeaders, type CorsOptions } from './cors.ts';
import { isMatch, selectBody, type EncodedContent } from './encodedContent.ts';
import { ExposedProfile } from './exposedProfile.ts';
import { isExposed, type Exposure } from './exposure.ts';
import { isPersonal, readAudience, readFlagKeys, type AudienceOptions } from './handlerRequest.ts';
import type { ServerProfile, WaitUntil } from './serverProfile.ts';
import {
  createServerProfiles,
  type ServerProfiles,
  type ServerProfilesOptions,
} from './serverProfiles.ts';

const STALE_IF_ERROR_IN_SECONDS = 86_400;
const MAX_URL_LENGTH = 16_384;
/** Of different `?flag=` questions to one handler. */
const MAX_SELECTIONS = 200;

/** What a handler answers, and to whom. */
export interface AppConfigHandlerOptions extends AudienceOptions, CorsOptions {
  /**
   * The profiles that may be asked for, and what of each may leave the server. Nothing else does.
   *
   * @example { flags: { expose: ['dark-mode', 'new-checkout'] }, 'site-settings': { expose: 'all' } }
   */
  profiles: Readonly<Record<string, { readonly expose: Exposure }>>;
  /**
   * What stands in the URL before `/applications/…`.
   * @default nothing
   */
  basePath?: string | undefined;
  /** Whether a request is answered. Without it every request is. */
  authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined;
  /**
   * How often a browser asks, in seconds.
   * @default the interval that the service named
   */
  pollIntervalInSeconds?: number | undefined;
}

/** Answers a request from memory. */
export type AppConfigHandler = (
  request: Request,
  platform?: {
    /** Keeps a platform that freezes between requests awake until a poll is over: `ctx.waitUntil`, for example. */
    readonly waitUntil?: WaitUntil | undefined;
  },
) => Promise<Response>;

/**
 * Serves browsers over the GET route of the AppConfig Agent, from one upstream session a profile: the number
 * of calls to AWS depends on the number of processes, and not on the number of browsers. Shows the profiles
 * and the flags that it is told to show, and nothing else. It has no timer and keeps nothing on disk, so that
 * any number of copies may run: behind a load balancer, on Lambda, on an edge, behind a CDN.
 *
 * An answer that is the same for everybody is `public`: a CDN keeps it for what is left of the poll interval.
 * Where there is `authorize`, a context or an entity, every answer is `private`.
 *
 * @throws InvalidArgumentError for identifiers or an interval outside AWS's limits.
 *
 * @example
 * const handler = createAppConfigHandler({
 *   application: 'shop',
 *   environment: 'production',
 *   source: appConfigDataSource({ region: 'eu-central-1' }),
 *   profiles: { flags: { expose: ['dark-mode', 'new-checkout'] } },
 * });
 * serve({ fetch: handler, port: 8080 }); // of @hono/node-server
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-retrieving-the-configuration-web-mobile.html
 */
export function createAppConfigHandler(
  options: AppConfigHandlerOptions & ServerProfilesOptions,
): AppConfigHandler {
  return createHandlerOver(createServerProfiles(options), options);
}

/** A handler over the sessions that a process has already. */
export function createHandlerOver(
  serverProfiles: ServerProfiles,
  options: AppConfigHandlerOptions &
    Pick<ServerProfilesOptions, 'application' | 'environment' | 'onError'>,
): AppConfigHandler {
  const { application, environment, authorize, onError, pollIntervalInSeconds } = options;
  const report = (error: AppConfigError) => onError?.(error);
  const basePath = (options.basePath ?? '').replace(/\/+$/, '');
  const exposures = new Map(Object.entries(options.profiles));
  const isPrivate = authorize !== undefined || isPersonal(options);
  const vary = [
    'Accept-Encoding',
    ...(options.allowOrigins === undefined || options.allowOrigins === '*' ? [] : ['Origin']),
    ...(isPrivate ? ['Authorization', 'Context', 'Cookie', 'Entity-Id'] : []),
  ].join(', ');
  const wholes = new WeakMap<ServerProfile, ExposedProfile>();
  const selections = new LRUCache<string, ExposedProfile>({ max: MAX_SELECTIONS });

  function findExposed(
    profile: ServerProfile,
    name: string,
    exposure: Exposure,
    flagKeys: readonly string[],
    isShared: boolean,
  ): ExposedProfile {
    // A session of an audience is asked for these flags alone.
    const isWhole = flagKeys.length === 0 || !isShared;
    const key = JSON.stringify([name, flagKeys]);
    const known = isWhole ? wholes.get(profile) : selections.get(key);
    if (known) return known;
    const made = new ExposedProfile({ profile, exposure, flagKeys, report });
    if (isWhole) wholes.set(profile, made);
    else selections.set(key, made);
    return made;
  }

  function cacheControl(profile: ServerProfile): string {
    const interval = pollIntervalInSeconds ?? profile.pollIntervalInSeconds;
    if (isPrivate) return `private, no-cache, max-age=${interval}`;
    // A browser keeps its own pace; a cache for many asks when there may be something new.
    const left = Math.max(1, Math.ceil(profile.msUntilNextPoll / 1_000));
    return `public, max-age=${interval}, s-maxage=${left}, stale-while-revalidate=${interval}, stale-if-error=${STALE_IF_ERROR_IN_SECONDS}`;
  }

  function answer(
    request: Request,
    content: EncodedContent,
    profile: ServerProfile,
    cors: Record<string, string>,
  ): Response {
    const { headers } = request;
    const { encoding, bytes, etag } = selectBody(content, headers.get('Accept-Encoding') ?? '');
    const common: Record<string, string> = {
      ...cors,
      'Cache-Control': cacheControl(profile),
      'Configuration-Version': toHeaderText(content.version),
      ETag: etag,
      Vary: vary,
    };
    if (isMatch(content, headers.get('If-None-Match') ?? '')) {
      return new Response(null, { status: 304, headers: common });
    }
    common['Content-Type'] = content.contentType;
    common['Content-Length'] = `${bytes.byteLength}`;
    common['X-Content-Type-Options'] = 'nosniff';
    if (encoding !== 'identity') common['Content-Encoding'] = encoding;
    return new Response(request.method === 'HEAD' ? null : bytes, { headers: common });
  }

  async function respond(
    request: Request,
    cors: Record<string, string>,
    waitUntil: WaitUntil | undefined,
  ): Promise<Response> {
    const refuse = (status: number, message: string, headers: Record<string, string> = {}) =>
      new Response(message, {
        status,
        headers: {
          ...cors,
          'Cache-Control': 'no-store',
          'Content-Type': 'text/plain; charset=utf-8',
          'X-Content-Type-Options': 'nosniff',
          Vary: vary,
          ...headers,
        },
      });
    const notFound = () =>
      refuse(404, 'ResourceNotFoundException: There is no such configuration.');
    const { method, url } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      return method === 'OPTIONS'
        ? new Response(null, {
            status: 204,
            headers: { Allow: 'GET, HEAD, OPTIONS', Vary: vary, ...cors, ...preflightHeaders() },
          })
        : refuse(405, 'BadRequestException: Only GET is answered.', {
            Allow: 'GET, HEAD, OPTIONS',
          });
    }
    if (url.length > MAX_URL_LENGTH)
      return refuse(414, 'BadRequestException: The URL is too long.');
    const { pathname, query } = splitUrl(url);
    const names = pathname.startsWith(basePath)
      ? readAgentPath(pathname.slice(basePath.length))
      : undefined;
    const exposure = names && exposures.get(names.profile)?.expose;
    if (
      exposure === undefined ||
      names?.application !== application ||
      names.environment !== environment
    ) {
      return notFound();
    }
    if (authorize && !(await authorize(request))) {
      return request.headers.has('Authorization')
        ? refuse(403, 'AccessDeniedException: This request is not allowed.')
        : refuse(401, 'AccessDeniedException: This request is not allowed.', {
            'WWW-Authenticate': 'Bearer',
          });
    }
    let profile: ServerProfile;
    let flagKeys: readonly string[];
    let isShared = true;
    try {
      flagKeys = query === '' ? [] : readFlagKeys(query);
      const audience = isPrivate ? await readAudience(request, options) : {};
      isShared =
        audience.entityId === undefined && Object.keys(audience.context ?? {}).length === 0;
      if (flagKeys.some((key) => !isExposed(exposure, key))) return notFound();
      profile = serverProfiles.get({
        profile: names.profile,
        ...audience,
        ...(flagKeys.length > 0 && { flagKeys }),
      });
    } catch (error) {
      if (error instanceof InvalidArgumentError) {
        return refuse(400, `BadRequestException: ${error.message}`);
      }
      throw error;
    }
    const exposed = findExposed(profile, names.profile, exposure, flagKeys, isShared);
    try {
      const content = exposed.read(waitUntil);
      const settled = content instanceof Promise ? await content : content;
      return settled ? answer(request, settled, profile, cors) : notFound();
    } catch {
      // What it was has been reported by the session: AWS's words stay on the server.
      if (profile.error?.code === 'ResourceNotFound') return notFound();
      return refuse(503, 'ServiceUnavailableException: There is no configuration yet.', {
        'Retry-After': `${Math.max(1, Math.ceil(profile.msUntilNextPoll / 1_000))}`,
      });
    }
  }

  return async (request, { waitUntil } = {}) => {
    const cors =
      options.allowOrigins === undefined ? {} : corsHeaders(options, request.headers.get('Origin'));
    try {
      return await respond(request, cors, waitUntil);
    } catch (thrown) {
      report(asAppConfigError(thrown, 'InvalidArgument', 'A function given to the handler'));
      return new Response('InternalServerException: The server could not answer.', {
        status: 500,
        headers: { ...cors, 'Cache-Control': 'no-store', 'Content-Type': 'text/plain' },
      });
    }
  };
}

/** Path and query of an absolute URL, as they came. */
function splitUrl(url: string): { pathname: string; query: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const path = start === -1 ? '/' : url.slice(start);
  const [pathname = '', ...rest] = (path.split('#', 1)[0] ?? '').split('?');
  return { pathname, query: rest.join('?') };
}
