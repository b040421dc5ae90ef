import type { OverriddenProfiles } from '../flags/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import {
  isDevelopmentServer,
  parseSigned,
  readSigned,
  type AllowOverrides,
  type SignedOverrides,
} from './signedOverrides.ts';

const YEAR_IN_SECONDS = 31_536_000;
/** What browsers keep of a cookie, name and value together. */
const MAX_COOKIE_LENGTH = 4_096;

/** @throws InvalidArgumentError for more than a cookie can hold. */
export function writeOverridesCookie(name: string, signed: SignedOverrides | undefined): void {
  const value = signed ? encodeURIComponent(JSON.stringify(signed)) : '';
  if (name.length + value.length > MAX_COOKIE_LENGTH) {
    writeOverridesCookie(name, undefined);
    throw new InvalidArgumentError(
      `These overrides do not fit into a cookie of ${MAX_COOKIE_LENGTH} bytes, so the server does not know them. Clear some.`,
    );
  }
  // As long as localStorage, more or less: browsers allow no more than 400 days.
  const end = `; Max-Age=${signed ? YEAR_IN_SECONDS : 0}`;
  // oxlint-disable-next-line unicorn/no-document-cookie -- the Cookie Store API is not in every browser
  document.cookie = `${name}=${value}; Path=/; SameSite=Lax${end}`;
}

/** What the cookie of a page holds, unchecked. */
export function findOverridesCookie(cookies: string, name: string): string | undefined {
  return cookies
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** What may be set for {@link readOverridesCookie}. */
export interface OverridesCookieOptions {
  /** The cookie's name. @default 'appconfig-overrides' */
  name?: string | undefined;
  /** Lets signed overrides count. Without it there are none, except where `NODE_ENV` is `development` or `test`. */
  allowOverrides?: AllowOverrides | undefined;
  /** Called with what cannot be read. */
  onError?: ((error: AppConfigError) => void) | undefined;
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
  { name = 'appconfig-overrides', allowOverrides, onError }: OverridesCookieOptions = {},
): Promise<OverriddenProfiles> {
  const cookie = findOverridesCookie(cookieHeader ?? '', name);
  if (!cookie) return {};
  try {
    const signed = parseSigned(decodeURIComponent(cookie));
    return (await readSigned(signed, allowOverrides, isDevelopmentServer())) ?? {};
  } catch (thrown) {
    // A stranger's cookie can make the check throw: the page is rendered without overrides.
    onError?.(asAppConfigError(thrown, 'InvalidArgument', 'allowOverrides'));
    return {};
  }
}
