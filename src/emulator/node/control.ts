import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Emulator } from '../emulatorTypes.ts';
import { answerControl } from '../control/index.ts';
import { findControlRefusal } from './controlAccess.ts';

/** The built control page, compressed, beside the built emulator. */
const PAGE_FOLDER = '../../control/';
const decompress = promisify(gunzip);
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** Whether a path belongs to the control page rather than to AWS's interfaces. */
export function isControlPath(pathname: string): boolean {
  return pathname === '/' || pathname.startsWith('/control/') || pathname.startsWith('/assets/');
}

/** Answers for the control page: its files to all, its controls to those who may have them. */
export async function answerControlRequest(
  emulator: Emulator,
  token: string | undefined,
  incoming: IncomingMessage,
  request: Request,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const isPage = !pathname.startsWith('/control/');
  // With a token, the page itself asks for it.
  const refusal = isPage && token !== undefined ? undefined : findControlRefusal(incoming, token);
  const response = refusal
    ? Response.json({ code: 'AccessDenied', message: refusal, issues: [] }, { status: 403 })
    : isPage
      ? await readPage(request, pathname)
      : await answerControl(emulator, request);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.headers.set(name, value);
  return response;
}

async function readPage({ headers }: Request, pathname: string): Promise<Response> {
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const isName = /^(index\.html|assets\/[\w-]+\.(js|css|svg))$/.test(name);
  try {
    if (!isName) return new Response('There is no such page.', { status: 404 });
    const compressed = await readFile(new URL(`${PAGE_FOLDER}${name}.gz`, import.meta.url));
    const takesGzip = /\bgzip\b/.test(headers.get('Accept-Encoding') ?? '');
    return new Response(new Uint8Array(takesGzip ? compressed : await decompress(compressed)), {
      headers: {
        'Content-Type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
        ...(takesGzip && { 'Content-Encoding': 'gzip' }),
        Vary: 'Accept-Encoding',
      },
    });
  } catch {
    // Not built, as when the emulator runs from its source.
    return new Response('The control page is not built. Run the build first.', { status: 404 });
  }
}
