import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;
const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;

/**
 * Why a request may not control the emulator; undefined if it may. Without a token only this machine
 * may, and only under a name that no stranger's DNS can point here; a page of another origin never may.
 */
export function findControlRefusal(
  incoming: IncomingMessage,
  token: string | undefined,
): string | undefined {
  const { host = '', origin, authorization = '' } = incoming.headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return 'Control is refused to pages of another origin.';
  }
  const site = incoming.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return 'Control is refused to pages of another site.';
  }
  if (token !== undefined) {
    return isSame(authorization, `Bearer ${token}`)
      ? undefined
      : 'Control needs the token that the emulator was started with.';
  }
  const isLocal =
    LOOPBACK_NAME.test(host) && LOOPBACK_ADDRESS.test(incoming.socket.remoteAddress ?? '');
  return isLocal
    ? undefined
    : 'Control is for localhost alone. Start the emulator with a control token to open it to others.';
}

/** Compares in constant time, which does not reveal where two texts differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}
