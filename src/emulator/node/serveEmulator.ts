import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Emulator } from '../emulatorTypes.ts';
import { answerControlRequest, isControlPath } from './control.ts';
import { MAX_CONTROL_BODY_BYTES } from './controlApi.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** Where a served emulator listens, and who controls it. */
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
  /**
   * Whether there is a control page at `/`: for this machine alone, or for whoever has the token.
   * @default true
   */
  control?: boolean | { readonly token: string } | undefined;
}

/** An emulator on a port. */
export interface EmulatorServer {
  /** What to give an AWS SDK client as its `endpoint`. */
  readonly url: string;
  /** Stops listening and breaks the connections that are open. */
  close(): Promise<void>;
}

/**
 * Serves an emulator over HTTP, for every AWS client that can be told an endpoint, with a page to
 * control it at `/`.
 *
 * @example
 * const { url } = await serveEmulator(emulator, { port: 2773 });
 * const client = new AppConfigDataClient({ endpoint: url, region: 'us-east-1' });
 */
export async function serveEmulator(
  emulator: Emulator,
  { port = 0, host = '127.0.0.1', control = true }: ServeEmulatorOptions = {},
): Promise<EmulatorServer> {
  const server = createServer((incoming, outgoing) => {
    answer(emulator, control, incoming, outgoing).catch(() => {
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
  control: NonNullable<ServeEmulatorOptions['control']>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const isControl =
    control !== false && isControlPath((incoming.url ?? '/').split('?', 1)[0] ?? '');
  const request = await readRequest(incoming, isControl ? MAX_CONTROL_BODY_BYTES : MAX_BODY_BYTES);
  if (typeof request === 'number') {
    outgoing.writeHead(request, {
      'Content-Type': 'application/json',
      'x-amzn-errortype': 'BadRequestException',
      Connection: 'close',
    });
    outgoing.end(JSON.stringify({ Message: 'The request cannot be read.' }));
    return;
  }
  const token = typeof control === 'object' ? control.token : undefined;
  const response = isControl
    ? await answerControlRequest(emulator, token, incoming, request)
    : await emulator.fetch(request);
  const body = new Uint8Array(await response.arrayBuffer());
  const hasLength = response.status !== 204 && response.status !== 304;
  outgoing.writeHead(response.status, {
    ...toWireHeaders(response.headers),
    ...(hasLength ? { 'Content-Length': body.byteLength } : {}),
  });
  outgoing.end(body);
}

/** Headers in the spelling of the service, for clients that look at it. */
function toWireHeaders(headers: Headers): Record<string, string> {
  const spelt: Record<string, string> = {};
  headers.forEach((value, name) => {
    spelt[SPELLINGS.get(name) ?? spell(name)] = value;
  });
  return spelt;
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

/** The request, or the status to refuse it with. */
async function readRequest(
  incoming: IncomingMessage,
  longestBodyBytes: number,
): Promise<Request | number> {
  const { method = 'GET', url = '/' } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.byteLength;
    if (length > longestBodyBytes) return 413;
    chunks.push(chunk);
  }
  try {
    return new Request(new URL(url, 'http://localhost'), {
      method,
      headers: readHeaders(incoming),
      body: hasBody ? Buffer.concat(chunks) : null,
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
