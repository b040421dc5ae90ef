import {
  agentPath,
  fromHeaderText,
  toHeaderText,
  writeContextHeader,
} from '../../agentRoute/index.ts';
import { decodeText } from '../../configuration/index.ts';
import {
  InvalidAnswerError,
  readRetryAfter,
  RequestError,
  type RequestErrorCode,
} from '../../errors/index.ts';
import {
  MAX_INTERVAL_IN_SECONDS,
  type ConfigurationRequest,
  type ConfigurationSource,
} from '../../session/index.ts';
import { UNWRITABLE, type explainLeftOut } from './explainLeftOut.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const DEFAULT_ENDPOINT = 'http://localhost:2772';
const DEFAULT_INTERVAL_IN_SECONDS = 60;
const MAX_AGE = /(?:^|[\s,])max-age="?(\d+)/i;
/** The longest wait that an answer's header can ask for: some CDNs write one of hours over the origin's. */
const MAX_AGE_IN_SECONDS = 3_600;
const OPERATION = 'GetConfiguration';
/** How much of an error's body is shown. */
const MAX_SHOWN_LENGTH = 200;

const CODES: Readonly<Record<number, RequestErrorCode>> = {
  400: 'BadRequest',
  401: 'AccessDenied',
  403: 'AccessDenied',
  404: 'ResourceNotFound',
  429: 'Throttled',
};

/** What may be set for {@link agentSource}. */
export interface AgentSourceOptions {
  /**
   * Where `/applications/…` begins: of the AppConfig Agent, of the handler of `react-appconfig/server`, or
   * of a CDN in front of it. In a page it may be a path of its own origin, such as `/flags`.
   * @default 'http://localhost:2772', the Agent's
   */
  endpoint?: string | undefined;
  /**
   * Part of the query key. Give the same name where a server and its page reach one service under two addresses.
   * @default `agent`, with the endpoint
   */
  name?: string | undefined;
  /**
   * The most seconds between two polls. An answer may ask for fewer, as `max-age` of its `Cache-Control`: the handler
   * does, the Agent does not.
   * @default what the answer asks for, up to an hour; 60 where it asks for nothing
   */
  pollIntervalInSeconds?: number | undefined;
  /** The `ACCESS_TOKEN` of the Agent, or whatever bearer token the endpoint asks for; a function may renew it. */
  accessToken?: string | (() => string | Promise<string>) | undefined;
  /**
   * Whose token it is, such as the user's id: what is answered is kept in the query cache, in storage and among
   * tabs under this mark alone. It becomes part of the source's name. Give it with every token of a person.
   */
  sharedBy?: string | undefined;
  /** Sends the requests. @default the platform's `fetch` */
  fetch?: typeof fetch | undefined;
}

/**
 * A `ConfigurationSource` over the Agent's route; this package's name for it, so that an app's modules may export one.
 */
export interface AgentSource extends ConfigurationSource {}

/** How a source reaches its endpoint: from a page, or from anywhere else. */
export interface AgentTransport {
  /**
   * Sends a request that says who asks, which no other origin may learn: with the app's `fetch`, or the platform's.
   *
   * @throws InvalidAnswerError, as a rejection, for an answer of another origin.
   */
  readonly send: (
    url: string,
    init: RequestInit,
    send: typeof fetch | undefined,
  ) => Promise<Response>;
  /** What is to be said of what a request could not carry. */
  readonly explain: typeof explainLeftOut | undefined;
}

/** An {@link AgentSource} over a transport. */
export function createAgentSource(
  {
    endpoint = DEFAULT_ENDPOINT,
    name: givenName,
    pollIntervalInSeconds,
    accessToken,
    sharedBy,
    fetch: send,
  }: AgentSourceOptions,
  transport: AgentTransport,
): AgentSource {
  const ownName = givenName ?? `agent ${endpoint}`;
  const name = sharedBy === undefined ? ownName : `${ownName} ${sharedBy}`;
  const base = endpoint.replace(/\/+$/, '');
  /** What has been left out of requests, and reported. */
  const reported = new Set<string>();

  async function toHeaders({ token, context = {}, entityId }: ConfigurationRequest) {
    const bearer = typeof accessToken === 'function' ? await accessToken() : accessToken;
    const contextHeader = writeContextHeader(context);
    return {
      ...(token?.endsWith('"') && { 'If-None-Match': token }),
      ...(contextHeader && { Context: contextHeader }),
      ...(entityId && !UNWRITABLE.test(entityId) && { 'Entity-Id': toHeaderText(entityId) }),
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
    };
  }

  function intervalOf({ headers }: Response, atLeast = 1): number {
    const maxAge = Number(MAX_AGE.exec(headers.get('Cache-Control') ?? '')?.[1]) || 0;
    const atMost =
      pollIntervalInSeconds ?? (maxAge ? MAX_AGE_IN_SECONDS : DEFAULT_INTERVAL_IN_SECONDS);
    const seconds = Math.min(maxAge || atMost, atMost);
    return Math.min(Math.max(seconds, atLeast), MAX_INTERVAL_IN_SECONDS);
  }

  return {
    name,
    hasDefaultName: givenName === undefined,
    ...(accessToken !== undefined && { isPersonal: sharedBy === undefined }),
    async getLatestConfiguration(request, signal) {
      const { token, flagKeys = [], requiredMinimumPollIntervalInSeconds } = request;
      const query = flagKeys.map((key) => `flag=${encodeURIComponent(key)}`).join('&');
      const url = `${base}${agentPath(request)}${query && `?${query}`}`;
      const headers = await toHeaders(request);
      const init = { headers, signal, ...freshInPage(token) };
      const response = await transport.send(url, init, send);
      const etag = response.headers.get('ETag');
      const nextPollIntervalInSeconds = intervalOf(response, requiredMinimumPollIntervalInSeconds);
      const isUnchanged = token !== undefined && response.status === 304;
      if (!response.ok && !isUnchanged) throw await toRequestError(response);
      // Also of an unchanged one: browsers log an unread answer as cancelled.
      const bytes = new Uint8Array(await response.arrayBuffer());
      const problem = transport.explain?.(name, request, reported);
      if (isUnchanged) {
        return {
          configuration: bytes,
          // An empty ETag is none.
          nextToken: etag || token,
          nextPollIntervalInSeconds,
          problem,
        };
      }
      const versionLabel = versionOf(response, name);
      return {
        configuration: flagKeys.length === 1 ? wrapFlag(flagKeys[0], bytes) : bytes,
        nextToken: etag || versionLabel,
        nextPollIntervalInSeconds,
        versionLabel,
        contentType: response.headers.get('Content-Type') ?? undefined,
        problem,
      };
    },
  };
}

/** A new page asks its server, and the browser's cache may save the download. */
function freshInPage(token: string | undefined): RequestInit | undefined {
  return token || typeof document === 'undefined' ? undefined : { cache: 'no-cache' };
}

/**
 * The version that was answered. Whatever answers without one is no Agent: a captive portal, or a page
 * of the app itself.
 */
function versionOf({ headers }: Response, name: string): string {
  const version = headers.get('Configuration-Version') ?? headers.get('ConfigurationVersion');
  if (version) return fromHeaderText(version);
  throw new InvalidAnswerError(
    process.env.NODE_ENV !== 'production' &&
      `The source "${name}" answered without a Configuration-Version. Check the endpoint and CORS: expose that header and ETag.`,
  );
}

async function toRequestError(response: Response): Promise<RequestError> {
  const { status, headers } = response;
  const body = await response.text();
  return new RequestError(
    CODES[status] ?? 'ServiceFailure',
    process.env.NODE_ENV !== 'production' &&
      `${OPERATION} was answered with status ${status}${quote(body)}. Check the endpoint, the identifiers and the token.`,
    {
      operation: OPERATION,
      retryAfterInSeconds: readRetryAfter(headers.get('Retry-After'), headers.get('Date')),
    },
  );
}

/** What an answer says, as the end of a sentence. */
function quote(body: string): string {
  const text = body.slice(0, MAX_SHOWN_LENGTH).trim().replace(/\.$/, '');
  return text && `: ${text}`;
}

/** A map of one flag: the Agent answers a single one with its value alone. */
function wrapFlag(flagKey: string | undefined, bytes: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`{${JSON.stringify(flagKey)}:${decodeText(bytes, '')}}`);
}
