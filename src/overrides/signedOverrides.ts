import type { OverriddenProfiles } from '../flags/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import { checkFeatureFlags } from '../flags/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** A page is built for production or not; a server without a NODE_ENV may be either. */
const DEVELOPMENT: ReadonlySet<unknown> = new Set(['development', 'test']);

/** Clearing overrides harms nobody. */
const NO_OVERRIDES = '{}';
/** Longer ones are refused: they come from whoever writes a link. */
const MAX_TEXT_LENGTH = 100_000;

/**
 * Whether overrides count in a production build: returns `true` if their text was signed by somebody who may set
 * them; anything else is a no. Without this function there are none in production.
 */
export type AllowOverrides = (
  text: string,
  signature: string | undefined,
) => boolean | Promise<boolean>;

/** Overrides as they are sent: their JSON, and its signature. */
export interface SignedOverrides {
  readonly text: string;
  readonly signature?: string | undefined;
}

/** Whether overrides are taken without a signature. */
export const isDevelopment = (): boolean => process.env.NODE_ENV !== 'production';

/** Whether a server takes overrides without a signature: only where it says that it is in development. */
export function isDevelopmentServer(): boolean {
  const environment: unknown = Reflect.get(globalThis, 'process');
  const variables: unknown = Reflect.get(Object(environment), 'env');
  return DEVELOPMENT.has(Reflect.get(Object(variables), 'NODE_ENV'));
}

/** Overrides from their JSON. @throws InvalidArgumentError that says what is wrong with it. */
export function parseOverrides(text: string): OverriddenProfiles {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new InvalidArgumentError(
      `Overrides of ${text.length} characters are too long. Keep them under ${MAX_TEXT_LENGTH}.`,
    );
  }
  try {
    const profiles: unknown = JSON.parse(text);
    return Object.fromEntries(
      Object.entries(asObject(profiles)).map(([profile, override]) => {
        const { document, flags } = asObject(override);
        return [
          profile,
          {
            ...(document !== undefined && { document }),
            ...(flags !== undefined && { flags: checkFeatureFlags(flags) }),
          },
        ];
      }),
    );
  } catch (cause) {
    throw new InvalidArgumentError(
      'Overrides must be JSON such as {"flags":{"flags":{"dark-mode":{"enabled":true}}}}: by profile, "flags" or a "document".',
      { cause },
    );
  }
}

/**
 * The overrides that count: all in development, in production those that `allowOverrides` has let through; undefined
 * for those that it has not.
 *
 * @throws InvalidArgumentError for text that holds no overrides.
 */
export function readSigned(
  { text, signature }: SignedOverrides,
  allowOverrides: AllowOverrides | undefined,
  isUnsignedAllowed: boolean,
): OverriddenProfiles | undefined | Promise<OverriddenProfiles | undefined> {
  if (isUnsignedAllowed || text === NO_OVERRIDES) return parseOverrides(text);
  // Whatever is not clearly a yes is a no: a check may answer with a Response, or with an object that says why.
  const read = (isAllowed: unknown) => (isAllowed === true ? parseOverrides(text) : undefined);
  const isAllowed = allowOverrides?.(text, signature);
  return isPromise(isAllowed) ? isAllowed.then(read) : read(isAllowed);
}

/** Not instanceof: it may come from another realm. */
export function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof Reflect.get(Object(value), 'then') === 'function';
}

/** What was kept or sent as a text. @throws InvalidArgumentError for anything else. */
export function parseSigned(kept: string): SignedOverrides {
  try {
    const { text, signature } = asObject(JSON.parse(kept));
    if (typeof text === 'string') {
      return { text, signature: typeof signature === 'string' ? signature : undefined };
    }
  } catch {
    // Reported below: it was not written by this package.
  }
  throw new InvalidArgumentError('The stored overrides cannot be read. Clear them.');
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError('not an object');
}
