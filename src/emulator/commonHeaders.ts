/** Sets what every answer has. */
export function addCommonHeaders(headers: Headers, requestId: string): void {
  headers.set('x-amzn-RequestId', requestId);
  headers.set('Access-Control-Allow-Origin', '*');
  headers.set('Access-Control-Expose-Headers', '*, x-amzn-RequestId, x-amzn-errortype');
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
