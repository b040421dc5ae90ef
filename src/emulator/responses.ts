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
export function preflight(request: Request): WireAnswer {
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': request.headers.get('access-control-request-headers') ?? '*',
      'access-control-max-age': '600',
    },
    body: null,
  };
}
