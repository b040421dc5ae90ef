import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Emulator } from '../emulatorTypes.ts';

const LONGEST_BODY_BYTES = 1024 * 1024;

/** Where a served emulator listens. */
export interface ServeEmulatorOptions {
  /**
   * The port; 0 takes a free one.
   * @default 0
   */
  port?: number | undefined;
  /**
   * The address to listen at.
   * @default '127.0.0.1'
   */
  host?: string | undefined;
}

/** An emulator on a port. */
export interface EmulatorServer {
  /** What to give an AWS SDK client as its `endpoint`. */
  readonly url: string;
  /** Stops listening and breaks the connections that are open. */
  close(): Promise<void>;
}

/**
 * Serves an emulator over HTTP, for every AWS client that can be told an endpoint.
 *
 * @example
 * const { url } = await serveEmulator(emulator, { port: 2773 });
 * const client = new AppConfigDataClient({ endpoint: url, region: 'us-east-1' });
 */
export async function serveEmulator(
  emulator: Emulator,
  { port = 0, host = '127.0.0.1' }: ServeEmulatorOptions = {},
): Promise<EmulatorServer> {
  const server = createServer((incoming, outgoing) => {
    answer(emulator, incoming, outgoing).catch(() => {
      // A fault that resets the connection arrives here, as does a client that went away.
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function answer(
  emulator: Emulator,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  if (typeof request === 'number') {
    outgoing.writeHead(request, { 'x-amzn-errortype': 'BadRequestException', Connection: 'close' });
    outgoing.end(JSON.stringify({ Message: 'The request cannot be read.' }));
    return;
  }
  const response = await emulator.fetch(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(new Uint8Array(await response.arrayBuffer()));
}

/** The request, or the status to refuse it with. */
async function readRequest(incoming: IncomingMessage): Promise<Request | number> {
  const { method = 'GET', url = '/' } = incoming;
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    body += chunk;
    if (body.length > LONGEST_BODY_BYTES) return 413;
  }
  try {
    return new Request(new URL(url, 'http://localhost'), {
      method,
      headers: readHeaders(incoming),
      body: method === 'GET' || method === 'HEAD' ? null : body,
    });
  } catch {
    // A path, a method or a header that the Fetch standard does not know.
    return 400;
  }
}

function readHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  return headers;
}
