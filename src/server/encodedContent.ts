import type { ExposedContent } from './exposure.ts';

/** Less than this is not worth a compression. */
const MIN_COMPRESSED_BYTES = 256;
/** Of 0 to 11: what a document of megabytes is compressed with in milliseconds. */
const BROTLI_QUALITY = 5;
const LABEL_LENGTH = 12;

/** How a body may be encoded. */
export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** A body with its validator. */
export interface EncodedBody {
  readonly contentType: string;
  readonly version: string;
  readonly encoding: ContentEncoding;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Strong: another encoding has another one. */
  readonly etag: string;
}

/** A version of a configuration as it goes out, encoded once. */
export interface EncodedContent {
  /** What each of its ETags holds. */
  readonly hash: string;
  readonly bodies: readonly EncodedBody[];
}

/** Encodes content in each way that this platform can and that makes it smaller. */
export async function encodeContent(
  { bytes, contentType = 'application/octet-stream' }: ExposedContent,
  versionLabel: string | undefined,
): Promise<EncodedContent> {
  const identity = Uint8Array.from(bytes);
  const hash = await hashOf(identity, [contentType, versionLabel ?? '']);
  const encoded = identity.byteLength < MIN_COMPRESSED_BYTES ? {} : await compress(identity);
  const body = (encoding: ContentEncoding, encodedBytes: Uint8Array<ArrayBuffer>): EncodedBody => ({
    contentType,
    version: versionLabel ?? hash.slice(0, LABEL_LENGTH),
    encoding,
    bytes: encodedBytes,
    etag: encoding === 'identity' ? `"${hash}"` : `"${hash}-${encoding}"`,
  });
  return {
    hash,
    bodies: [
      ...(encoded.br ? [body('br', encoded.br)] : []),
      ...(encoded.gzip ? [body('gzip', encoded.gzip)] : []),
      body('identity', identity),
    ],
  };
}

/** The body that suits a client best. */
export function selectBody({ bodies }: EncodedContent, acceptEncoding: string): EncodedBody {
  const accepted = bodies.find(
    ({ encoding }) => encoding !== 'identity' && isAccepted(acceptEncoding, encoding),
  );
  // The last one is as it came, which every client takes.
  return accepted ?? bodies[bodies.length - 1] ?? missingBody();
}

/**
 * Whether a client that sends this `If-None-Match` has the content already, in whichever encoding. A proxy
 * that compresses makes a weak validator of a strong one, which is the same content still.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
 */
export function isMatch({ hash }: EncodedContent, ifNoneMatch: string): boolean {
  return (
    ifNoneMatch.includes(`"${hash}"`) ||
    ifNoneMatch.includes(`"${hash}-`) ||
    ifNoneMatch.trim() === '*'
  );
}

function isAccepted(acceptEncoding: string, encoding: ContentEncoding): boolean {
  if (!acceptEncoding.includes(encoding)) return false;
  return acceptEncoding.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';');
    const isRefused = parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(parameter));
    return name.trim().toLowerCase() === encoding && !isRefused;
  });
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>, labels: readonly string[]): Promise<string> {
  const head = new TextEncoder().encode(`${JSON.stringify(labels)}\n`);
  const all = new Uint8Array(head.byteLength + bytes.byteLength);
  all.set(head);
  all.set(bytes, head.byteLength);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(0, 32);
}

type Compressed = { readonly [Encoding in 'br' | 'gzip']?: Uint8Array<ArrayBuffer> };

/** With Node's zlib, off the main thread; where there is none, as on an edge, with the web's gzip. */
async function compress(bytes: Uint8Array<ArrayBuffer>): Promise<Compressed> {
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (!zlib) {
    return typeof CompressionStream === 'function' ? { gzip: await gzipOfTheWeb(bytes) } : {};
  }
  const [br, gzip] = await Promise.all([
    new Promise<Uint8Array>((resolve, reject) => {
      const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
      const params = {
        [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      };
      zlib.brotliCompress(bytes, { params }, (error, result) =>
        error ? reject(error) : resolve(result),
      );
    }),
    new Promise<Uint8Array>((resolve, reject) => {
      zlib.gzip(bytes, (error, result) => (error ? reject(error) : resolve(result)));
    }),
  ]);
  return { br: Uint8Array.from(br), gzip: Uint8Array.from(gzip) };
}

async function gzipOfTheWeb(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(compressed).arrayBuffer());
}

function missingBody(): never {
  throw new Error('Encoded content has a body.');
}
