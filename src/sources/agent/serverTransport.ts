import { InvalidAnswerError, InvalidArgumentError } from '../../errors/index.ts';
import { wasReset } from '../../session/index.ts';
import type { AgentTransport } from './createAgentSource.ts';
import { explainLeftOut } from './explainLeftOut.ts';

const MAX_REDIRECTS = 5;
const MAX_TRIES = 4;
const REDIRECT = /^30[12378]$/;
const ABSOLUTE = /^[a-z][\w+.-]*:/i;
/**
 * A redirect is looked at before anything is sent on, and Next's `fetch` hands the request to the platform's: a poll is a
 * poll, and no framework's cache may answer it.
 */
const OWN_INIT = { redirect: 'manual', next: { internal: true } } as const;

/** From a server: redirects are followed within the endpoint's origin alone, because a request says who asks. */
export const serverTransport: AgentTransport = {
  explain: explainLeftOut,
  async send(url, init, send) {
    if (!send) assertReachable(url);
    let address = url;
    for (let redirects = 0; ; redirects += 1) {
      const response = await sendUnlessReset(send ?? fetch, address, init, MAX_TRIES);
      const location = response.headers.get('Location');
      if (!location || !REDIRECT.test(`${response.status}`)) return response;
      void response.body?.cancel();
      const target = new URL(location, address);
      if (target.origin !== new URL(url).origin || redirects === MAX_REDIRECTS) {
        throw new InvalidAnswerError(
          `${url} redirects to ${target.href}. Give the source the endpoint that answers: who asks is not told to another origin.`,
        );
      }
      address = target.href;
    }
  },
};

/** Every connection that was kept may have been reset meanwhile, and asking twice harms nobody. */
async function sendUnlessReset(
  send: typeof fetch,
  address: string,
  init: RequestInit,
  tries: number,
): Promise<Response> {
  try {
    return await send(address, { ...init, ...OWN_INIT });
  } catch (thrown) {
    if (tries === 1 || !wasReset(thrown)) throw thrown;
    return sendUnlessReset(send, address, init, tries - 1);
  }
}

/** @throws InvalidArgumentError for a path where there is no page that it could belong to. */
function assertReachable(url: string): void {
  if (ABSOLUTE.test(url) || typeof location === 'object') return;
  const digest =
    'agentSource on a server: give it an absolute endpoint, or prefetch with prefetchAppConfig';
  throw new InvalidArgumentError(
    // In production too: it is a server's log that shows it.
    `The address "${url}" is a path of the page's own origin, and so it needs a page. ${digest}.`,
    { digest },
  );
}
