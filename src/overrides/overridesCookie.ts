import type { OverriddenProfiles } from '../client/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import {
  parseSigned,
  readSigned,
  type AllowOverrides,
  type SignedOverrides,
} from './signedOverrides.ts';

/** What browsers keep of a cookie, name and value together. */
const MAX_COOKIE_LENGTH = 4_096;

/** @throws InvalidArgumentError for more than a cookie can hold. */
export function writeOverridesCookie(name: string, signed: SignedOverrides | undefined): void {
  const value = signed ? encodeURIComponent(JSON.stringify(signed)) : '';
  if (name.length + value.length > MAX_COOKIE_LENGTH) {
    throw new InvalidArgumentError(
      `These overrides do not fit into a cookie of ${MAX_COOKIE_LENGTH} bytes, so the server does not know them. Clear some.`,
    );
  }
  const end = signed ? '' : '; Max-Age=0';
  // oxlint-disable-next-line unicorn/no-document-cookie -- the Cookie Store API is not in every browser
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax${end}`;
}

/** What may be set for {@link readOverridesCookie}. */
export interface OverridesCookieOptions {
  /** The cookie's name. @default 'appconfig-overrides' */
  name?: string | undefined;
  /** Lets signed overrides count in production. Without it there are none in production. */
  allowOverrides?: AllowOverrides | undefined;
}

/**
 * The overrides that a browser has sent with a request, for `getFlag` and for the `memoryOverrides` that a server
 * renders with. What cannot be read is no override: it comes from a stranger.
 *
 * @example
 * const overrides = await readOverridesCookie(request.headers.get('cookie'), { allowOverrides });
 * const flag = await server.getFlag('new-checkout', { overrides });
 */
export async function readOverridesCookie(
  cookieHeader: string | null | undefined,
  { name = 'appconfig-overrides', allowOverrides }: OverridesCookieOptions = {},
): Promise<OverriddenProfiles> {
  const cookie = cookieHeader
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  if (!cookie) return {};
  try {
    const signed = parseSigned(decodeURIComponent(cookie.slice(name.length + 1)));
    return (await readSigned(signed, allowOverrides)) ?? {};
  } catch (thrown) {
    if (thrown instanceof InvalidArgumentError || thrown instanceof URIError) return {};
    throw thrown;
  }
}
