import type { Emulator } from './emulatorTypes.ts';

/** The part of an AWS SDK request that is needed to send it. */
interface SdkRequest {
  protocol: string;
  hostname: string;
  port?: number | undefined;
  path: string;
  method: string;
  query?: Record<string, string | string[] | null> | undefined;
  headers: Record<string, string>;
  body?: unknown;
}

/** An AWS SDK response. */
interface SdkResponse {
  statusCode: number;
  reason: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What an AWS SDK client takes as its `requestHandler`. */
export interface EmulatorRequestHandler {
  handle(
    request: SdkRequest,
    options?: { abortSignal?: unknown },
  ): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/**
 * Connects an AWS SDK client to an emulator in the same page or process: no server, no network.
 *
 * @example
 * const client = new AppConfigDataClient({
 *   region: 'us-east-1',
 *   credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
 *   requestHandler: emulatorRequestHandler(emulator),
 * });
 */
export function emulatorRequestHandler(emulator: Pick<Emulator, 'fetch'>): EmulatorRequestHandler {
  return {
    async handle(sdkRequest, { abortSignal } = {}) {
      const fetched = emulator.fetch(toRequest(sdkRequest));
      const response = await (abortSignal instanceof AbortSignal
        ? Promise.race([fetched, rejectOnAbort(abortSignal)])
        : fetched);
      return {
        response: {
          statusCode: response.status,
          reason: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: new Uint8Array(await response.arrayBuffer()),
        },
      };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

function toRequest({
  protocol,
  hostname,
  port,
  path,
  method,
  query,
  headers,
  body,
}: SdkRequest): Request {
  const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const item of [value ?? ''].flat()) url.searchParams.append(name, item);
  }
  const sent = new Headers(headers);
  // The URL names the host, and some platforms refuse to have it set.
  sent.delete('host');
  const text = typeof body === 'string' || ArrayBuffer.isView(body) ? toText(body) : null;
  return new Request(url, { method, headers: sent, body: text });
}

function toText(body: string | ArrayBufferView): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new DOMException('Request aborted', 'AbortError'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
