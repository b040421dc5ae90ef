import { ContentError } from '../errors/index.ts';

/** AWS AppConfig's largest configuration, in bytes. */
const DEFAULT_MAX_CONTENT_BYTES = 2 * 1024 * 1024;

// Its parameters, such as the charset, follow a media type after a semicolon.
const JSON_TYPE = /[/+]json(\s|;|$)/i;
const YAML_TYPE = /[/+](x-)?yaml(\s|;|$)/i;
const TEXT_TYPE = /^text\//i;

/** How content becomes a value. */
export interface DecodeOptions {
  /**
   * The most bytes that a configuration may have.
   * @default 2097152, the most that AWS AppConfig delivers
   * @see https://docs.aws.amazon.com/general/latest/gr/appconfig.html
   */
  maxContentBytes?: number | undefined;
  /** Parses YAML, for profiles that hold it: `parse` of the `yaml` package, for example. */
  parseYaml?: ((text: string) => unknown) | undefined;
}

/**
 * Turns the bytes of a configuration into a value by their media type: JSON and YAML become what
 * they say, other text becomes a string, anything else stays a `Uint8Array`.
 *
 * @throws ContentError `ContentTooLarge`, `MalformedContent` or `UnsupportedContentType`.
 */
export function decodeContent(
  bytes: Uint8Array,
  contentType = '',
  { maxContentBytes = DEFAULT_MAX_CONTENT_BYTES, parseYaml }: DecodeOptions,
): unknown {
  if (bytes.byteLength > maxContentBytes) {
    throw new ContentError(
      'ContentTooLarge',
      `The configuration has ${bytes.byteLength} bytes, more than ${maxContentBytes}. Make it smaller, or raise maxContentBytes.`,
    );
  }
  if (JSON_TYPE.test(contentType)) return parse('JSON', bytes, JSON.parse);
  if (YAML_TYPE.test(contentType)) {
    if (parseYaml) return parse('YAML', bytes, parseYaml);
    throw new ContentError(
      'UnsupportedContentType',
      `The configuration is YAML. Give the provider parseYaml.`,
    );
  }
  return TEXT_TYPE.test(contentType) ? parse('text', bytes, String) : bytes;
}

function parse(kind: string, bytes: Uint8Array, parser: (text: string) => unknown): unknown {
  try {
    return parser(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ContentError(
      'MalformedContent',
      `The configuration is not valid ${kind}: ${String(cause)}. Deploy a corrected version.`,
      { cause },
    );
  }
}
