import { InvalidArgumentError } from '../errors/index.ts';

const MAX_AGE_IN_SECONDS = 86_400;

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

/** The answer to a browser that asks whether it may send a request. */
export function preflightHeaders(): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': 'Authorization, Context, Entity-Id, If-None-Match',
    'Access-Control-Max-Age': `${MAX_AGE_IN_SECONDS}`,
  };
}
