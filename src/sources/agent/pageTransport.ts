import { InvalidAnswerError } from '../../errors/index.ts';
import type { AgentTransport } from './createAgentSource.ts';
import { explainLeftOut } from './explainLeftOut.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** From a page: the browser follows redirects, and what another origin answered is refused. */
export const pageTransport: AgentTransport = {
  explain: process.env.NODE_ENV === 'production' ? undefined : explainLeftOut,
  async send(url, init, send = fetch) {
    const response = await send(url, init);
    const isElsewhere =
      response.redirected &&
      !response.url.startsWith(new URL('/', new URL(url, location.href)).href);
    if (!isElsewhere) return response;
    throw new InvalidAnswerError(
      process.env.NODE_ENV !== 'production' &&
        `${url} redirects to ${response.url}. Give the source the endpoint that answers.`,
    );
  },
};
