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

/** What a browser is told that asks whether it may send a request. */
export function preflightHeaders(): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Allow-Headers': 'Authorization, Context, Entity-Id, If-None-Match',
    'Access-Control-Max-Age': `${MAX_AGE_IN_SECONDS}`,
  };
}
