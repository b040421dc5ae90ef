const BEYOND_ASCII = /[^\0-\x7F]/;

/** Text as a header carries it: each byte of its UTF-8 as a character. */
export function toHeaderText(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  const bytes = new TextEncoder().encode(text);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** The text of a header, in which callers write UTF-8; bytes of another encoding are taken as they are. */
export function fromHeaderText(header: string): string {
  const encoded = header.replace(/[%\x80-\xFF]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
  try {
    return decodeURIComponent(encoded);
  } catch {
    return header;
  }
}
