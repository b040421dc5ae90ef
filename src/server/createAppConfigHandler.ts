import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { isForEverybody, MAX_INTERVAL_IN_SECONDS, systemClock } from '../session/index.ts';
import { assertOrigins, corsHeaders, preflightHeaders, type CorsOptions } from './cors.ts';
import { findKnownBody, selectBody, type EncodedContent } from './encodedContent.ts';
import type { AllowedProfile } from './allowedProfile.ts';
import { createHeaderCache } from './headerCache.ts';
import { createHandlerRoutes, type HandlerRoutesOptions } from './handlerRoutes.ts';
import {
  BadRequestError,
  decideAudience,
  isPersonal,
  readQuestion,
  type HandlerAudience,
  type HandlerContextOptions,
  type HandlerQuestion,
} from './handlerRequest.ts';
import type { ServerProfile } from './serverProfile.ts';
import {
  createServerProfiles,
  type ServerProfiles,
  type ServerProfilesOptions,
} from './serverProfiles.ts';
import { UnderWay } from './underWay.ts';
import { findWaitUntil, type WaitUntil } from './waitUntil.ts';
import { warnUnlessHeard } from './warnUnlessHeard.ts';

const METHODS = 'GET, HEAD, OPTIONS';
/** How many requests may wait for a first answer: further ones retry a second later. */
const MAX_WAITING = 1_000;
/** Nobody waits longer: the request to the source has timed out by then. */
const MAX_WAITING_MS = 60_000;

/** What a handler answers, and to whom. */
export interface AppConfigHandlerOptions
  extends HandlerRoutesOptions, HandlerContextOptions, CorsOptions {
  /** Whether a request is answered. Without it every request is. */
  authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined;
  /**
   * How often a browser asks, in seconds.
   * @default the interval that the service named
   */
  pollIntervalInSeconds?: number | undefined;
}

/**
 * Answers a request: at once if the answer is in memory. Of the other arguments of a platform, the one
 * with a function `waitUntil` is used, to keep a platform that freezes between requests awake until a poll is
 * over.
 */
export type AppConfigHandler = (
  request: Request,
  ...platform: readonly unknown[]
) => Response | Promise<Response>;

/**
 * Serves browsers over the GET route of the AppConfig Agent, from one upstream session per profile: the number
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
 *   profiles: { flags: { allow: ['dark-mode', 'new-checkout'] } },
 * });
 * serve({ fetch: handler, port: 8080 }); // of @hono/node-server
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-retrieving-the-configuration-web-mobile.html
 */
export function createAppConfigHandler(
  options: AppConfigHandlerOptions & ServerProfilesOptions,
): AppConfigHandler {
  const heard = { ...options, onError: warnUnlessHeard(options.onError) };
  return createHandlerOver(createServerProfiles(heard), heard);
}

/** A handler over the sessions that a process has already. */
export function createHandlerOver(
  serverProfiles: ServerProfiles,
  options: Omit<AppConfigHandlerOptions, 'profiles'> &
    Pick<ServerProfilesOptions, 'application' | 'environment' | 'onError'>,
): AppConfigHandler {
  const { authorize, onError, pollIntervalInSeconds, allowOrigins } = options;
  assertOrigins(options);
  assertInterval(pollIntervalInSeconds);
  const report = (error: AppConfigError) => onError?.(error);
  const { clock = systemClock } = serverProfiles;
  /** The requests that wait for a first answer, the oldest first. */
  const waiting = new Set<UnderWay<EncodedContent | undefined>>();
  const routes = createHandlerRoutes(serverProfiles, report, options);
  const isPrivate = authorize !== undefined || isPersonal(options);
  /** Whether what is the same for everybody suits somebody who is not known, in the middle of an outage. */
  const isSafeForAll = options.context === undefined && !options.acceptContext?.length;
  const Vary = [
    'Accept-Encoding',
    ...(allowOrigins === undefined || allowOrigins === '*' ? [] : ['Origin']),
    ...(isPrivate ? ['Authorization', 'Context', 'Cookie', 'Entity-Id'] : []),
  ].join(', ');
  const prepareHeaders = createHeaderCache({ isPrivate, vary: Vary, pollIntervalInSeconds });
  const corsOf = ({ headers }: Request) =>
    allowOrigins === undefined ? undefined : corsHeaders(options, headers.get('Origin'));

  function answer(request: Request, content: EncodedContent, profile: ServerProfile): Response {
    const { headers } = request;
    const ifNoneMatch = headers.get('If-None-Match');
    const known = ifNoneMatch === null ? undefined : findKnownBody(content, ifNoneMatch);
    const body = known ?? selectBody(content, headers.get('Accept-Encoding'));
    const prepared = prepareHeaders(body, profile);
    const init = known ? prepared.unchanged : prepared.whole;
    const cors = corsOf(request);
    return new Response(
      known || request.method === 'HEAD' ? null : body.bytes,
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

  function unavailable(request: Request, seconds: number): Response {
    return refuse(request, 503, 'ServiceUnavailableException: There is no configuration yet.', {
      'Retry-After': `${seconds}`,
    });
  }

  /** An answer that is the same for everybody, and is there already. */
  function answerFromMemory(request: Request, waitUntil?: WaitUntil): Response | undefined {
    if (isPrivate || request.method !== 'GET') return undefined;
    const found = routes.find(request.url);
    if (!found || found.query !== '') return undefined;
    const { whole } = found.route;
    const content = whole.peek(waitUntil);
    if (!content || whole.profile.isPollAtRisk) return undefined;
    return answer(request, content, whole.profile);
  }

  async function respond(request: Request, waitUntil?: WaitUntil): Promise<Response> {
    const { method } = request;
    if (method === 'OPTIONS') {
      const headers = {
        Allow: METHODS,
        Vary: `${Vary}, Access-Control-Request-Headers`,
        ...corsOf(request),
        ...preflightHeaders(request),
      };
      return new Response(null, { status: 204, headers });
    }
    if (method !== 'GET' && method !== 'HEAD') {
      return refuse(request, 405, 'BadRequestException: Only GET is answered.', { Allow: METHODS });
    }
    // Before anything is looked up, so that nobody learns what there is.
    if (authorize && (await authorize(request)) !== true) {
      const isUnknown = !request.headers.has('Authorization');
      return refuse(
        request,
        isUnknown ? 401 : 403,
        'AccessDeniedException: This request is not allowed.',
        isUnknown ? { 'WWW-Authenticate': 'Bearer' } : {},
      );
    }
    const found = routes.find(request.url);
    if (!found) return notFound(request);
    let question: HandlerQuestion;
    let audience: HandlerAudience;
    try {
      question = readQuestion(request, found.query, options);
      audience = isPrivate ? await decideAudience(request, question, options) : {};
    } catch (thrown) {
      if (!(thrown instanceof BadRequestError)) throw thrown;
      return refuse(request, 400, `BadRequestException: ${thrown.message}`);
    }
    const { flagKeys } = question;
    const forEverybody = found.route.select({ flagKeys });
    if (!forEverybody) return notFound(request);
    if (isForEverybody(audience)) return answerFor(request, forEverybody, waitUntil);
    if (flagKeys.length > 0) {
      // Upstream is asked for flags that exist, and for no others.
      const shared = await answerFor(request, forEverybody, waitUntil);
      if (shared.status >= 400) return shared;
    }
    const own = found.route.select({ ...audience, flagKeys });
    if (!own) return notFound(request);
    if (!isSafeForAll) return answerFor(request, own, waitUntil);
    if (!forEverybody.peek(waitUntil)) {
      // Loaded beforehand: when it is needed, it cannot be.
      const loading = forEverybody.read(waitUntil).catch(() => {});
      waitUntil?.(loading);
    }
    return answerFor(request, own, waitUntil, forEverybody);
  }

  async function answerFor(
    request: Request,
    allowed: AllowedProfile,
    waitUntil: WaitUntil | undefined,
    spare?: AllowedProfile,
  ): Promise<Response> {
    const { profile } = allowed;
    let ready = allowed.peek(waitUntil);
    if (ready && profile.isPollAtRisk) {
      await profile.waitForPoll();
      ready = allowed.peek(waitUntil) ?? ready;
    }
    if (ready) return answer(request, ready, profile);
    if (!mayWait()) return unavailable(request, 1);
    const reading = new UnderWay(clock, allowed.read(waitUntil));
    waiting.add(reading);
    try {
      const content = await reading.result;
      return content ? answer(request, content, profile) : notFound(request);
    } catch {
      // What it was has been reported: AWS's words stay on the server.
      if (profile.error?.code === 'ResourceNotFound') return notFound(request);
      const forEverybody = spare?.peek(waitUntil);
      if (spare && forEverybody) return answer(request, forEverybody, spare.profile);
      return unavailable(request, Math.max(1, Math.ceil(profile.msUntilNextPoll / 1_000)));
    } finally {
      waiting.delete(reading);
    }
  }

  /** Whether one more request may wait. Those that their platform has dropped never say so. */
  function mayWait(): boolean {
    for (const reading of waiting) {
      if (reading.ageMs < MAX_WAITING_MS) break;
      waiting.delete(reading);
    }
    return waiting.size < MAX_WAITING;
  }

  async function respondOrRefuse(request: Request, waitUntil?: WaitUntil): Promise<Response> {
    try {
      return await respond(request, waitUntil);
    } catch (thrown) {
      report(asAppConfigError(thrown, 'InvalidArgument', 'A function given to the handler'));
      return refuse(request, 500, 'InternalServerException: The server could not answer.');
    }
  }

  return (request, ...platform) => {
    const waitUntil: WaitUntil = (promise) => findWaitUntil(platform)?.waitUntil(promise);
    return answerFromMemory(request, waitUntil) ?? respondOrRefuse(request, waitUntil);
  };
}

function assertInterval(seconds: number | undefined): void {
  const isPossible =
    seconds === undefined ||
    (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_INTERVAL_IN_SECONDS);
  if (isPossible) return;
  throw new InvalidArgumentError(
    `pollIntervalInSeconds must be a whole number from 1 to ${MAX_INTERVAL_IN_SECONDS}, not ${seconds}. Leave it out for the service's own.`,
  );
}
