import { InvalidAnswerError } from '../../errors/index.ts';
import { isServer, wasReset } from '../../session/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const MAX_REDIRECTS = 5;
const MAX_TRIES = 4;
const REDIRECT = /^30[12378]$/;
/**
 * On a server, a redirect is looked at before anything is sent on, and Next's `fetch` hands the request to the
 * platform's: a poll is a poll, and no framework's cache may answer it.
 */
const ON_SERVER = { redirect: 'manual', next: { internal: true } } as const;

/**
 * Sends a request that says who asks, and that no other origin may learn: redirects are followed within the origin alone.
 * In a page the browser follows them, and what another origin answered is refused.
 *
 * @throws InvalidAnswerError for an answer from elsewhere.
 */
export async function sendWithinOrigin(
  send: typeof fetch,
  url: string,
  init: RequestInit,
): Promise<Response> {
  let address = url;
  for (let redirects = 0; ; redirects += 1) {
    const response = await (isServer() ? sendAgain(send, address, init) : send(address, init));
    const location = REDIRECT.test(`${response.status}`) && response.headers.get('Location');
    const next = location || (response.redirected && response.url);
    if (!next) return response;
    const target = resolve(next, address);
    const isElsewhere = target.origin !== resolve(address).origin;
    if (!isElsewhere && !location) return response;
    if (isElsewhere || redirects === MAX_REDIRECTS) {
      throw new InvalidAnswerError(
        process.env.NODE_ENV !== 'production' &&
          `${url} redirects to ${target.origin}. Give the source the endpoint that answers: who asks is not sent to another origin.`,
      );
    }
    void response.body?.cancel();
    address = target.href;
  }
}

/** Every connection that was kept may have been reset meanwhile, and asking twice harms nobody. */
async function sendAgain(
  send: typeof fetch,
  address: string,
  init: RequestInit,
  tries = MAX_TRIES,
): Promise<Response> {
  try {
    return await send(address, { ...init, ...ON_SERVER });
  } catch (thrown) {
    if (tries === 1 || !wasReset(thrown)) throw thrown;
    return sendAgain(send, address, init, tries - 1);
  }
}

/** An address as one of this page, if there is a page. */
function resolve(address: string, base = ''): URL {
  const page = globalThis.location?.href;
  return new URL(address, page ? new URL(base, page) : base || undefined);
}
