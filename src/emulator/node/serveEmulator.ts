import { createHttpServer, readResponse, type HttpAnswer } from '../../http/index.ts';
import type { Emulator } from '../emulatorTypes.ts';
import { findAnswers } from '../index.ts';
import { answerControlRequest, isControlPath } from './control.ts';
import { MAX_CONTROL_BODY_BYTES } from '../control/index.ts';

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
  const isControlled = (pathname: string) => control !== false && isControlPath(pathname);
  const token = typeof control === 'object' ? control.token : undefined;
  const server = createHttpServer({
    handle: async (request, incoming) =>
      // The path as it was sent: dots in it must not lead to the page.
      isControlled((incoming.url ?? '/').split('?', 1)[0] ?? '')
        ? readResponse(await answerControlRequest(emulator, token, incoming, request))
        : answer(emulator, request),
    refuse: (status) => ({
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'BadRequestException' },
      body: JSON.stringify({ Message: 'The request cannot be read.' }),
    }),
    maxBodyBytesOf: (pathname) =>
      isControlled(pathname) ? MAX_CONTROL_BODY_BYTES : MAX_BODY_BYTES,
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

async function answer(emulator: Emulator, request: Request): Promise<HttpAnswer> {
  const answerRequest = findAnswers(emulator.fetch);
  return answerRequest?.(request) ?? readResponse(await emulator.fetch(request));
}
