import type { EncodedBody } from './encodedContent.ts';

/** The beginnings of both answers that a body is good for. */
interface PreparedHeaders {
  readonly cacheControl: string;
  readonly whole: { readonly headers: Record<string, string> };
  readonly unchanged: { readonly status: 304; readonly headers: Record<string, string> };
}

/**
 * The headers of answers, made once for each body and second: thousands of requests share them.
 */
export function createHeaderCache(
  vary: string,
): (body: EncodedBody, cacheControl: string) => PreparedHeaders {
  const prepared = new WeakMap<EncodedBody, PreparedHeaders>();
  return (body, cacheControl) => {
    const known = prepared.get(body);
    if (known?.cacheControl === cacheControl) return known;
    const made = prepare(body, cacheControl, vary);
    prepared.set(body, made);
    return made;
  };
}

function prepare(body: EncodedBody, cacheControl: string, vary: string): PreparedHeaders {
  const headers = {
    'Cache-Control': cacheControl,
    'Configuration-Version': body.version,
    ETag: body.etag,
    Vary: vary,
  };
  return {
    cacheControl,
    unchanged: { status: 304, headers },
    whole: {
      headers: {
        ...headers,
        'Content-Type': body.contentType,
        'Content-Length': `${body.bytes.byteLength}`,
        'X-Content-Type-Options': 'nosniff',
        ...(body.encoding !== 'identity' && { 'Content-Encoding': body.encoding }),
      },
    },
  };
}
