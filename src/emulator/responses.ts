import type { WireAnswer } from './api/index.ts';

/** An answer with the headers that all answers have. */
export function withCommonHeaders(answer: WireAnswer, requestId: string): WireAnswer {
  return {
    status: answer.status,
    headers: {
      'x-amzn-requestid': requestId,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*, x-amzn-RequestId, x-amzn-errortype',
      ...answer.headers,
    },
    body: answer.body,
  };
}

/** An answer as a fetch gives it. */
export function toResponse({ status, headers, body }: WireAnswer): Response {
  // As bytes: a text has a content type even where a fault has taken it away.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return new Response(bytes, { status, headers });
}

/** The ids of requests: random for each emulator, and counted, which costs a request nothing. */
export function createRequestIds(): (count: number) => string {
  const [first = '', ...others] = Array.from({ length: 5 }, () =>
    Math.floor(Math.random() * 0x1_00_00)
      .toString(16)
      .padStart(4, '0'),
  );
  return (count) => [`${first}${others.join('-')}`, count.toString(16).padStart(12, '0')].join('-');
}

/** Lets a page of any origin call the API, as a test bed should. */
export function preflight(request: Request): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': request.headers.get('Access-Control-Request-Headers') ?? '*',
      'Access-Control-Max-Age': '600',
    },
  });
}
