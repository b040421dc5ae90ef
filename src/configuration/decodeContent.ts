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
  const isYaml = typeof decoder === 'string' && YAML_TYPE.test(decoder);
  try {
    if (typeof decoder === 'function') return decoder({ bytes, contentType: deliveredType });
    if (JSON_TYPE.test(decoder)) return JSON.parse(decodeText(bytes, decoder));
    if (isYaml && parseYaml) return parseYaml(decodeText(bytes, decoder));
    if (TEXT_TYPE.test(decoder)) return decodeText(bytes, decoder);
  } catch (cause) {
    throw toContentError(cause, decoder);
  }
  if (!isYaml) return bytes;
  throw new ContentError(
    'UnsupportedContentType',
    process.env.NODE_ENV !== 'production' &&
      'The configuration is YAML. Give the provider parseYaml.',
  );
}

function toContentError(cause: unknown, decoder: Decoder): AppConfigError {
  if (cause instanceof AppConfigError) return cause;
  if (cause instanceof RangeError) {
    return new ContentError(
      'UnsupportedContentType',
      process.env.NODE_ENV !== 'production' &&
        `This platform cannot read the charset of the configuration: ${cause.message}. Deploy it as UTF-8.`,
      { cause },
    );
  }
  return new ContentError(
    'MalformedContent',
    process.env.NODE_ENV !== 'production' &&
      `The configuration is not valid ${kindOf(decoder)}: ${String(cause)}. Deploy a corrected version.`,
    { cause },
  );
}

function kindOf(decoder: Decoder): string {
  if (typeof decoder === 'function') return 'for its decoder';
  if (JSON_TYPE.test(decoder)) return 'JSON';
  return YAML_TYPE.test(decoder) ? 'YAML' : 'text';
}
