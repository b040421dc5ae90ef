import { toHeaderText } from '../agentRoute/index.ts';
import type { AllowedContent } from './allowed.ts';

/** Less than this is not worth a compression. */
const MIN_COMPRESSED_BYTES = 256;
/** From 0 to 11: compresses a document of megabytes in milliseconds. */
const BROTLI_QUALITY = 5;
const LABEL_LENGTH = 12;
const OPAQUE_TYPE = 'application/octet-stream';
/** What a header can carry. */
const HEADER_TEXT = /^[\t\x20-\x7E\x80-\xFF]+$/;

/** How a body may be encoded, the smallest first. */
export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** A body with its validator. */
export interface EncodedBody {
  readonly contentType: string;
  readonly version: string;
  readonly encoding: ContentEncoding;
  // Not Uint8Array<ArrayBuffer>, which TypeScript before 5.7 cannot read.
  readonly bytes: Uint8Array & { readonly buffer: ArrayBuffer };
  /** Strong: another encoding has another one. */
  readonly etag: string;
}

/** A version of a configuration as it goes out, encoded once. */
export interface EncodedContent {
  /** As it came, for clients that take nothing else. */
  readonly identity: EncodedBody;
  readonly compressed: readonly EncodedBody[];
}

/** Encodes content in those of the encodings that this platform supports. */
export async function encodeContent(
  { bytes, contentType = OPAQUE_TYPE }: AllowedContent,
  versionLabel: string | undefined,
  encodings: readonly ('br' | 'gzip')[],
): Promise<EncodedContent> {
  const content = Uint8Array.from(bytes);
  const hash = await hashOf(content, [contentType, versionLabel ?? '']);
  const label = toHeaderText(versionLabel ?? '');
  const common = {
    contentType: HEADER_TEXT.test(contentType) ? contentType : OPAQUE_TYPE,
    version: HEADER_TEXT.test(label) ? label : hash.slice(0, LABEL_LENGTH),
  };
  const toBody = (
    encoding: ContentEncoding,
    encoded: Uint8Array<ArrayBuffer>,
    suffix = '',
  ): EncodedBody => ({ ...common, encoding, bytes: toNative(encoded), etag: `"${hash}${suffix}"` });
  const worthwhile = content.byteLength < MIN_COMPRESSED_BYTES ? [] : encodings;
  const compressed = await Promise.all(
    worthwhile.map(async (encoding) => {
      const encoded = await compress(encoding, content);
      return encoded && toBody(encoding, encoded, `-${encoding}`);
    }),
  );
  return {
    identity: toBody('identity', content),
    compressed: compressed.filter((body) => body !== undefined),
  };
}

/** The same memory as a Buffer, which Node sends without a wrapper. */
function toNative(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return globalThis.Buffer?.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) ?? bytes;
}

/** The body that suits a client best. */
export function selectBody(
  { identity, compressed }: EncodedContent,
  acceptEncoding: string | null,
): EncodedBody {
  if (!acceptEncoding) return identity;
  return compressed.find(({ encoding }) => isAccepted(acceptEncoding, encoding)) ?? identity;
}

/**
 * The body that a client has already, by its `If-None-Match`, in whichever encoding. A proxy that compresses
 * makes a weak validator of a strong one, which is the same content still.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match
 */
export function findKnownBody(
  { identity, compressed }: EncodedContent,
  ifNoneMatch: string,
): EncodedBody | undefined {
  if (ifNoneMatch === identity.etag) return identity;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  const known = new Set(tags);
  if (known.has('*')) return identity;
  return [identity, ...compressed].find(({ etag }) => known.has(etag));
}

function isAccepted(acceptEncoding: string, encoding: ContentEncoding): boolean {
  return acceptEncoding.split(',').some((item) => {
    const [name = '', ...parameters] = item.split(';');
    const isRefused = parameters.some((parameter) => /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(parameter));
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

/** With Node's zlib, off the main thread; where there is none, as on an edge, with the web's gzip. */
async function compress(
  encoding: 'br' | 'gzip',
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const zlib = globalThis.process?.getBuiltinModule?.('node:zlib');
  if (!zlib) {
    if (encoding !== 'gzip' || typeof CompressionStream !== 'function') return undefined;
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(encoding));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  const compressed = await new Promise<Uint8Array>((resolve, reject) => {
    const done = (error: Error | null, result: Uint8Array) =>
      error ? reject(error) : resolve(result);
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
    const params = {
      [BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
    };
    if (encoding === 'br') zlib.brotliCompress(bytes, { params }, done);
    else zlib.gzip(bytes, done);
  });
  return Uint8Array.from(compressed);
}
