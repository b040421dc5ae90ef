import type { WireAnswer } from './api/index.ts';

type Fetch = (request: Request) => Promise<Response>;
type AnswerRequest = (request: Request) => Promise<WireAnswer>;

const answersOf = new WeakMap<Fetch, AnswerRequest>();

/** A fetch whose answers come as data. */
export function createFetch(answerRequest: AnswerRequest): Fetch {
  const fetch: Fetch = async (request) => toResponse(await answerRequest(request));
  answersOf.set(fetch, answerRequest);
  return fetch;
}

/**
 * The answers of a fetch as data, for a server that would take each Response apart again; undefined for a
 * fetch from elsewhere, such as one that wraps an emulator's.
 */
export function findAnswers(fetch: Fetch): AnswerRequest | undefined {
  return answersOf.get(fetch);
}

function toResponse({ status, headers, body }: WireAnswer): Response {
  // As bytes: a text has a content type even where a fault has taken it away.
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return new Response(bytes, { status, headers });
}
