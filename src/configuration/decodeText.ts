const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const UTF_8 = /^utf-?8$/i;
const LATIN_1 = /^(iso-8859-1|latin1|us-ascii)$/i;
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * The text of bytes, by the charset of their media type; UTF-8 if it names none.
 *
 * @throws URIError for bytes that are not UTF-8, RangeError for a charset that this platform does not know.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const [, charset = 'utf-8'] = CHARSET.exec(contentType) ?? [];
  if (UTF_8.test(charset)) return decodeUtf8(bytes);
  if (LATIN_1.test(charset)) return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  if (typeof TextDecoder !== 'function') throw new RangeError(`no decoder for ${charset}`);
  return new TextDecoder(charset).decode(bytes);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Perhaps the platform is at fault and not the document: jest's jsdom has no TextDecoder or one that
    // refuses its own bytes, polyfills of React Native know no `fatal`. The language itself can decode.
    const encoded = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    return decodeURIComponent(encoded.join('')).replace(BYTE_ORDER_MARK, '');
  }
}
