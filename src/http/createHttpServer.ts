import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** An answer as data, which costs a server half of what a Response does. */
export interface HttpAnswer {
  readonly status: number;
  /** Their names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
}

/** How a server answers. */
export interface HttpServerOptions {
  /** Answers a request. Where it rejects, the connection is reset. */
  handle: (request: Request, incoming: IncomingMessage) => Promise<HttpAnswer>;
  /** Answers what cannot be read as a request: 400 for its head, 413 for a body that is too long. */
  refuse: (status: 400 | 413) => HttpAnswer;
  /** How many bytes the body of a request may have. */
  maxBodyBytesOf: (pathname: string) => number;
}

/** A server of Node that takes a Request, as a fetch does. */
export function createHttpServer({ handle, refuse, maxBodyBytesOf }: HttpServerOptions): Server {
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      if (!(incoming instanceof IncomingMessage) || !(outgoing instanceof ServerResponse)) {
        throw new TypeError('HTTP/2 needs TLS, which this server does not have.');
      }
      try {
        const limited = hasBody(request) ? await limitBody(request, maxBodyBytesOf) : request;
        if (!limited) outgoing.setHeader('Connection', 'close');
        send(limited ? await handle(limited, incoming) : refuse(413), outgoing);
        return RESPONSE_ALREADY_SENT;
      } catch (error) {
        outgoing.destroy();
        throw error;
      }
    },
    {
      // Some clients send no Host, and the name does not matter here.
      hostname: 'localhost',
      overrideGlobalObjects: false,
      // What was reset has no answer, and what could not be read has its own, below.
      errorHandler: () => undefined,
    },
  );
  return createServer(async (incoming, outgoing) => {
    await listener(incoming, outgoing);
    const isUnread = !outgoing.headersSent && !outgoing.destroyed;
    if (isUnread) send(refuse(400), outgoing);
  });
}

/** A Response as data. */
export async function readResponse(response: Response): Promise<HttpAnswer> {
  const { status, headers, body } = response;
  return {
    status,
    headers: Object.fromEntries(headers),
    body: body && new Uint8Array(await response.arrayBuffer()),
  };
}

function send({ status, headers, body }: HttpAnswer, outgoing: ServerResponse): void {
  const spelt: Record<string, string | number> = {};
  // One by one: a spread costs a server a tenth of its answers.
  for (const name in headers) spelt[SPELLINGS.get(name) ?? spell(name)] = headers[name] ?? '';
  const hasLength = status !== 204 && status !== 304 && !headers['transfer-encoding'];
  if (hasLength) spelt['Content-Length'] ??= Buffer.byteLength(body ?? '');
  outgoing.writeHead(status, spelt).end(body);
}

function hasBody({ method }: Request): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The request with its body in memory, or undefined if that is too long. */
async function limitBody(
  request: Request,
  maxBytesOf: (pathname: string) => number,
): Promise<Request | undefined> {
  const { method, url, headers } = request;
  if (!request.body) return request;
  const maxBytes = maxBytesOf(new URL(url).pathname);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Request(url, { method, headers, body: Buffer.concat(chunks) });
}

/** Header names in the spelling of the service, for clients that depend on it. */
const SPELLINGS = new Map([
  ['x-amzn-requestid', 'x-amzn-RequestId'],
  ['x-amzn-errortype', 'x-amzn-ErrorType'],
  ['etag', 'ETag'],
]);

function spell(name: string): string {
  const spelling = name.replace(/(^|-)[a-z]/g, (part) => part.toUpperCase());
  SPELLINGS.set(name, spelling);
  return spelling;
}
