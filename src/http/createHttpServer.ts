import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';

/** How a server answers. */
export interface HttpServerOptions {
  /** Answers a request. Where it rejects, the connection is reset. */
  handle: (request: Request, incoming: IncomingMessage) => Promise<Response>;
  /** Answers what cannot be read as a request: 400 for its head, 413 for a body that is too long. */
  refuse: (status: 400 | 413) => Response;
  /** How many bytes the body of a request may have. */
  maxBodyBytesOf: (pathname: string) => number;
}

/** A server of Node that takes a Request and gives a Response. */
export function createHttpServer({ handle, refuse, maxBodyBytesOf }: HttpServerOptions): Server {
  const listener = getRequestListener(
    async (request, { incoming, outgoing }) => {
      // HTTP/2 needs TLS, which this server does not have.
      if (!(incoming instanceof IncomingMessage) || !(outgoing instanceof ServerResponse)) {
        return refuse(400);
      }
      try {
        const limited = await limitBody(request, maxBodyBytesOf);
        if (!limited) outgoing.setHeader('Connection', 'close');
        await send(limited ? await handle(limited, incoming) : refuse(413), outgoing);
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
      // What was refused has an answer; what was reset has none.
      errorHandler: (error) => (error instanceof RequestError ? refuse(400) : undefined),
    },
  );
  return createServer({ ServerResponse: SpelledResponse }, (incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const { status, body } = response;
  const headers: Record<string, string | number> = {};
  for (const [name, value] of response.headers) headers[name] = value;
  const bytes = body ? Buffer.from(await response.arrayBuffer()) : undefined;
  const hasLength = status !== 204 && status !== 304 && !headers['transfer-encoding'];
  if (hasLength) headers['content-length'] ??= bytes?.byteLength ?? 0;
  outgoing.writeHead(status, headers).end(bytes);
}

/** The request with its body in memory, or undefined if that is too long. */
async function limitBody(
  request: Request,
  maxBytesOf: (pathname: string) => number,
): Promise<Request | undefined> {
  const { method, url, headers } = request;
  if (method === 'GET' || method === 'HEAD' || !request.body) return request;
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

/** Sends header names in the spelling of the service, for clients that depend on it. */
class SpelledResponse extends ServerResponse<IncomingMessage> {
  override writeHead(status: number, ...rest: readonly unknown[]): this {
    const [headers] = rest;
    if (typeof headers !== 'object' || headers === null) return super.writeHead(status);
    const spelt: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      spelt[SPELLINGS.get(name) ?? spell(name)] = value;
    }
    return super.writeHead(status, spelt);
  }
}

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
