const BEYOND_ASCII = /[^\0-\x7F]/;

/** Text as a header carries it: each byte of its UTF-8 as a character. */
export function toHeaderText(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The text of a header, in which callers write UTF-8; bytes of another encoding are taken as they are. */
export function fromHeaderText(header: string): string {
  if (!BEYOND_ASCII.test(header)) return header;
  const codes = Array.from(header, (character) => character.charCodeAt(0));
  // An emulator in a page may be given text that no header could carry.
  if (codes.some((code) => code > 255)) return header;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(Uint8Array.from(codes));
  } catch {
    return header;
  }
}
