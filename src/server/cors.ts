import { InvalidArgumentError } from '../errors/index.ts';

const MAX_AGE_IN_SECONDS = 86_400;
/** Those that this handler reads. */
const OWN_HEADERS = 'Authorization, Context, Entity-Id, If-None-Match';
const MAX_HEADER_NAMES_LENGTH = 1_024;
/** Names of headers with commas in between. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~, -]+$/;

/** Which pages of other origins may read the answers. */
export interface CorsOptions {
  /**
   * The origins of pages that may read the answers, such as `https://shop.example`, or `'*'` for all.
   * @default none but the handler's own
   */
  allowOrigins?: readonly string[] | '*' | undefined;
  /**
   * Whether those pages may send cookies along.
   * @default false
   */
  allowCredentials?: boolean | undefined;
}

/** @throws InvalidArgumentError for what is not an origin, and for cookies from any origin. */
export function assertOrigins({ allowOrigins = [], allowCredentials }: CorsOptions): void {
  if (allowOrigins === '*') {
    if (!allowCredentials) return;
    throw new InvalidArgumentError(
      "allowCredentials needs a list in allowOrigins: browsers take no cookies along to '*'.",
    );
  }
  const wrong = Array.isArray(allowOrigins)
    ? allowOrigins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin)
    : String(allowOrigins);
  if (wrong === undefined) return;
  throw new InvalidArgumentError(
    `allowOrigins must be '*' or a list of origins such as "https://shop.example", unlike "${wrong}".`,
  );
}

/** The headers that let a page of another origin read an answer. */
export function corsHeaders(
  { allowOrigins = [], allowCredentials = false }: CorsOptions,
  origin: string | null,
): Record<string, string> {
  if (allowOrigins !== '*' && (origin === null || !allowOrigins.includes(origin))) return {};
  return {
    'Access-Control-Allow-Origin': allowOrigins === '*' ? '*' : (origin ?? ''),
    'Access-Control-Expose-Headers': 'Configuration-Version, ETag, Retry-After',
    ...(allowCredentials && { 'Access-Control-Allow-Credentials': 'true' }),
  };
}

/**
 * The answer to a browser that asks whether it may send a request. Whatever headers it wants to add are allowed: those
 * that this handler reads, and those that a page's monitoring adds, such as `traceparent`. Who may read the answer is
 * decided by origin.
 */
export function preflightHeaders({ headers }: Request): Record<string, string> {
  const wanted = headers.get('Access-Control-Request-Headers') ?? '';
  const isList = wanted.length <= MAX_HEADER_NAMES_LENGTH && HEADER_NAMES.test(wanted);
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': isList ? `${OWN_HEADERS}, ${wanted}` : OWN_HEADERS,
    'Access-Control-Max-Age': `${MAX_AGE_IN_SECONDS}`,
  };
}
