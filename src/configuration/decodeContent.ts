import { AppConfigError, ContentError } from '../errors/index.ts';
import { decodeText } from './decodeText.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** AWS AppConfig's largest configuration, in bytes. */
const DEFAULT_MAX_CONTENT_BYTES = 2 * 1024 * 1024;

// Its parameters, such as the charset, follow a media type after a semicolon.
const JSON_TYPE = /[/+]json(\s|;|$)/i;
const YAML_TYPE = /[/+](x-)?yaml(\s|;|$)/i;
const TEXT_TYPE = /^text\//i;

/** A media type to read a profile's content by, or a function that turns it into a value. */
export type Decoder =
  | string
  | ((content: {
      readonly bytes: Uint8Array;
      readonly contentType: string | undefined;
    }) => unknown);

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
  /**
   * By profile: the media type that its content really has, where it is delivered as another one, or a
   * function that turns its bytes into a value. Read once.
   *
   * @example { 'site-settings': 'application/json', catalog: ({ bytes }) => readCatalog(bytes) }
   */
  decoders?: { readonly [profile: string]: Decoder } | undefined;
}

/**
 * Turns the bytes of a configuration into a value by their media type: JSON and YAML become what
 * they say, other text becomes a string, anything else stays a `Uint8Array`.
 *
 * @throws ContentError `ContentTooLarge`, `MalformedContent` or `UnsupportedContentType`.
 */
export function decodeContent(
  bytes: Uint8Array,
  deliveredType: string | undefined,
  { maxContentBytes = DEFAULT_MAX_CONTENT_BYTES, parseYaml }: DecodeOptions,
  decoder: Decoder = deliveredType ?? '',
): unknown {
  if (bytes.byteLength > maxContentBytes) {
    throw new ContentError(
      'ContentTooLarge',
      process.env.NODE_ENV !== 'production' &&
        `The configuration has ${bytes.byteLength} bytes, more than ${maxContentBytes}. Make it smaller, or raise maxContentBytes.`,
    );
  }
  if (typeof decoder === 'function') {
    return parse('for its decoder', () => decoder({ bytes, contentType: deliveredType }));
  }
  const text = () => decodeText(bytes, decoder);
  if (JSON_TYPE.test(decoder)) return parse('JSON', () => JSON.parse(text()));
  if (YAML_TYPE.test(decoder)) {
    if (parseYaml) return parse('YAML', () => parseYaml(text()));
    throw new ContentError(
      'UnsupportedContentType',
      process.env.NODE_ENV !== 'production' &&
        'The configuration is YAML. Give the provider parseYaml.',
    );
  }
  return TEXT_TYPE.test(decoder) ? parse('text', text) : bytes;
}

function parse(kind: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof AppConfigError) throw cause;
    if (cause instanceof RangeError) {
      throw new ContentError(
        'UnsupportedContentType',
        process.env.NODE_ENV !== 'production' &&
          `This platform cannot read the charset of the configuration: ${cause.message}. Deploy it as UTF-8.`,
        { cause },
      );
    }
    throw new ContentError(
      'MalformedContent',
      process.env.NODE_ENV !== 'production' &&
        `The configuration is not valid ${kind}: ${String(cause)}. Deploy a corrected version.`,
      { cause },
    );
  }
}
