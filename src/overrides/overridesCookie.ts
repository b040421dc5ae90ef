import type { OverrideOwner } from '../client/index.ts';
import type { OverriddenProfiles } from '../flags/index.ts';
import { asAppConfigError, InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import {
  isDevelopmentServer,
  parseSigned,
  readSigned,
  type AllowOverrides,
  type SignedOverrides,
} from './signedOverrides.ts';

/** Of the storage, and of the cookie. */
export const DEFAULT_NAME = 'appconfig-overrides';
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

/** Cookies are shared by all ports of a host, and so by the apps of a developer: each has one of its own. */
export function cookieNameOf(
  name: string,
  owner: Pick<OverrideOwner, 'application' | 'environment'> | undefined,
): string {
  if (!owner) return name;
  return [name, ...[owner.application, owner.environment].map(encodeURIComponent)].join('.');
}

/** What the cookie of a page holds, unchecked. */
export function findOverridesCookie(cookies: string, name: string): string | undefined {
  return listCookies(cookies).get(name);
}

function listCookies(cookies: string): ReadonlyMap<string, string> {
  return new Map(
    cookies.split(';').map((part) => {
      const [name = ''] = part.trim().split('=', 1);
      return [name, part.trim().slice(name.length + 1)];
    }),
  );
}

/** @throws InvalidArgumentError if several apps have sent one, and none of them is named. */
function findSentCookie(
  cookies: string,
  { name = DEFAULT_NAME, application, environment }: OverridesCookieOptions,
): string | undefined {
  const sent = listCookies(cookies);
  if (application !== undefined && environment !== undefined) {
    return sent.get(cookieNameOf(name, { application, environment })) ?? sent.get(name);
  }
  const own = Array.from(sent.keys()).filter(
    (each) => each === name || each.startsWith(`${name}.`),
  );
  if (own.length > 1) {
    throw new InvalidArgumentError(
      `Several apps of this host have sent overrides: ${own.join(', ')}. Give readOverridesCookie the application and the environment.`,
    );
  }
  return sent.get(own[0] ?? name);
}

/** What may be set for {@link readOverridesCookie}. */
export interface OverridesCookieOptions {
  /** The name that `browserOverrides` was given. @default 'appconfig-overrides' */
  name?: string | undefined;
  /** The provider's application, where several apps of a host may send overrides. @default the only one */
  application?: string | undefined;
  /** The provider's environment. @default the only one */
  environment?: string | undefined;
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
  options: OverridesCookieOptions = {},
): Promise<OverriddenProfiles> {
  const { allowOverrides, onError } = options;
  try {
    const cookie = findSentCookie(cookieHeader ?? '', options);
    if (!cookie) return {};
    const signed = parseSigned(decodeURIComponent(cookie));
    return (await readSigned(signed, allowOverrides, isDevelopmentServer())) ?? {};
  } catch (thrown) {
    // A stranger's cookie can make the check throw: the page is rendered without overrides.
    onError?.(asAppConfigError(thrown, 'InvalidArgument', 'allowOverrides'));
    return {};
  }
}
