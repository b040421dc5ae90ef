import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { corsHeaders, preflightHeaders, type CorsOptions } from './cors.ts';
import { isMatch, selectBody, type EncodedContent } from './encodedContent.ts';
import { createHeaderCache } from './headerCache.ts';
import { createHandlerRoutes, type HandlerRoutesOptions } from './handlerRoutes.ts';
import { isPersonal, readAudience, readFlagKeys, type AudienceOptions } from './handlerRequest.ts';
import type { ServerProfile, WaitUntil } from './serverProfile.ts';
import {
  createServerProfiles,
  type ServerProfiles,
  type ServerProfilesOptions,
} from './serverProfiles.ts';

const STALE_IF_ERROR_IN_SECONDS = 86_400;
const METHODS = 'GET, HEAD, OPTIONS';

/** What a handler answers, and to whom. */
export interface AppConfigHandlerOptions
  extends HandlerRoutesOptions, AudienceOptions, CorsOptions {
  /** Whether a request is answered. Without it every request is. */
  authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined;
  /**
   * How often a browser asks, in seconds.
   * @default the interval that the service named
   */
  pollIntervalInSeconds?: number | undefined;
}

/**
 * Answers a request: at once where the answer is in memory. Of whatever else a platform hands over, the one
 * with a function `waitUntil` is used, to keep a platform that freezes between requests awake until a poll is
 * over.
 */
export type AppConfigHandler = (
  request: Request,
  ...platform: readonly unknown[]
) => Response | Promise<Response>;

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
  const { authorize, onError, pollIntervalInSeconds, allowOrigins } = options;
  const report = (error: AppConfigError) => onError?.(error);
  const routes = createHandlerRoutes(serverProfiles, report, options);
  const isPrivate = authorize !== undefined || isPersonal(options);
  const Vary = [
    'Accept-Encoding',
    ...(allowOrigins === undefined || allowOrigins === '*' ? [] : ['Origin']),
    ...(isPrivate ? ['Authorization', 'Context', 'Cookie', 'Entity-Id'] : []),
  ].join(', ');
  const prepareHeaders = createHeaderCache(Vary);
  const corsOf = ({ headers }: Request) =>
    allowOrigins === undefined ? undefined : corsHeaders(options, headers.get('Origin'));

  function cacheControl(profile: ServerProfile): string {
    const interval = pollIntervalInSeconds ?? profile.pollIntervalInSeconds;
    if (isPrivate) return `private, no-cache, max-age=${interval}`;
    // A browser keeps its own pace; a cache for many asks when there may be something new.
    const left = Math.max(1, Math.ceil(profile.msUntilNextPoll / 1_000));
    return `public, max-age=${interval}, s-maxage=${left}, stale-while-revalidate=${interval}, stale-if-error=${STALE_IF_ERROR_IN_SECONDS}`;
  }

  function answer(request: Request, content: EncodedContent, profile: ServerProfile): Response {
    const { headers } = request;
    const body = selectBody(content, headers.get('Accept-Encoding') ?? '');
    const known = headers.get('If-None-Match');
    const isUnchanged = known !== null && isMatch(content, known);
    const prepared = prepareHeaders(body, cacheControl(profile));
    const init = isUnchanged ? prepared.unchanged : prepared.whole;
    const cors = corsOf(request);
    return new Response(
      isUnchanged || request.method === 'HEAD' ? null : body.bytes,
      cors ? { ...init, headers: { ...init.headers, ...cors } } : init,
    );
  }

  function refuse(
    request: Request,
    status: number,
    message: string,
    headers: Record<string, string> = {},
  ): Response {
    return new Response(request.method === 'HEAD' ? null : message, {
      status,
      headers: {
        'Cache-Control': 'no-store',
        'Content-Type': 'text/plain; charset=utf-8',
        'X-Content-Type-Options': 'nosniff',
        Vary,
        ...corsOf(request),
        ...headers,
      },
    });
  }

  function notFound(request: Request): Response {
    return refuse(request, 404, 'ResourceNotFoundException: There is no such configuration.');
  }

  /** An answer that is the same for everybody, and is there already. */
  function answerFromMemory(request: Request, waitUntil?: WaitUntil): Response | undefined {
    if (isPrivate || request.method !== 'GET') return undefined;
    const found = routes.find(request.url);
    if (!found || found.query !== '') return undefined;
    const { whole } = found.route;
    const content = whole.peek(waitUntil);
    return content && answer(request, content, whole.profile);
  }

  async function respond(request: Request, waitUntil?: WaitUntil): Promise<Response> {
    const { method } = request;
    if (method === 'OPTIONS') {
      const headers = { Allow: METHODS, Vary, ...corsOf(request), ...preflightHeaders() };
      return new Response(null, { status: 204, headers });
    }
    if (method !== 'GET' && method !== 'HEAD') {
      return refuse(request, 405, 'BadRequestException: Only GET is answered.', { Allow: METHODS });
    }
    const found = routes.find(request.url);
    if (!found) return notFound(request);
    if (authorize && !(await authorize(request))) {
      const isUnknown = !request.headers.has('Authorization');
      return refuse(
        request,
        isUnknown ? 401 : 403,
        'AccessDeniedException: This request is not allowed.',
        isUnknown ? { 'WWW-Authenticate': 'Bearer' } : {},
      );
    }
    const exposed = found.route.select(
      readFlagKeys(found.query),
      isPrivate ? await readAudience(request, options) : {},
    );
    if (!exposed) return notFound(request);
    try {
      const content = await exposed.read(waitUntil);
      return content ? answer(request, content, exposed.profile) : notFound(request);
    } catch {
      // What it was has been reported: AWS's words stay on the server.
      const { error, msUntilNextPoll } = exposed.profile;
      if (error?.code === 'ResourceNotFound') return notFound(request);
      return refuse(request, 503, 'ServiceUnavailableException: There is no configuration yet.', {
        'Retry-After': `${Math.max(1, Math.ceil(msUntilNextPoll / 1_000))}`,
      });
    }
  }

  async function respondOrRefuse(request: Request, waitUntil?: WaitUntil): Promise<Response> {
    try {
      return await respond(request, waitUntil);
    } catch (thrown) {
      if (thrown instanceof InvalidArgumentError) {
        return refuse(request, 400, `BadRequestException: ${thrown.message}`);
      }
      report(asAppConfigError(thrown, 'InvalidArgument', 'A function given to the handler'));
      return refuse(request, 500, 'InternalServerException: The server could not answer.');
    }
  }

  return (request, ...platform) => {
    const waitUntil = findWaitUntil(platform);
    return answerFromMemory(request, waitUntil) ?? respondOrRefuse(request, waitUntil);
  };
}

function findWaitUntil(platform: readonly unknown[]): WaitUntil | undefined {
  const context = platform.find(hasWaitUntil);
  // Some platforms' functions need their owner.
  return context && ((promise) => context.waitUntil(promise));
}

function hasWaitUntil(value: unknown): value is { readonly waitUntil: WaitUntil } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'waitUntil' in value &&
    typeof value.waitUntil === 'function'
  );
}
