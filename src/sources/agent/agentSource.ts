import {
  agentPath,
  fromHeaderText,
  toHeaderText,
  writeContextHeader,
} from '../../agentRoute/index.ts';
import { decodeText } from '../../configuration/index.ts';
import {
  InvalidAnswerError,
  InvalidArgumentError,
  readRetryAfter,
  RequestError,
  type RequestErrorCode,
} from '../../errors/index.ts';
import {
  MAX_INTERVAL_IN_SECONDS,
  type ConfigurationRequest,
  type ConfigurationSource,
} from '../../session/index.ts';
import { sendWithinOrigin } from './sendWithinOrigin.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const DEFAULT_ENDPOINT = 'http://localhost:2772';
const DEFAULT_INTERVAL_IN_SECONDS = 60;
const MAX_AGE = /(?:^|[\s,])max-age="?(\d+)/i;
/** The longest wait that an answer's header can ask for: some CDNs write one of hours over the origin's. */
const MAX_AGE_IN_SECONDS = 3_600;
/** What no header carries. */
const UNWRITABLE = /[\0\r\n]/;
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

/**
 * Configurations over the GET route of the AppConfig Agent: from the Agent itself, from the server handler
 * of this package, or from a CDN in front of it. Sends the provider's `context` and `entityId`, for which
 * multi-variant flags, roll-outs and experiments are evaluated, and asks with the last ETag, so that an
 * unchanged configuration is not sent again.
 *
 * Make it once, outside of components: another source means another session.
 *
 * @example
 * const source = agentSource({ endpoint: '/flags' }); // where the server handler is
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use.html
 */
export function agentSource({
  endpoint = DEFAULT_ENDPOINT,
  name: givenName,
  pollIntervalInSeconds,
  accessToken,
  sharedBy,
  fetch: send = (input, init) => {
    assertReachable(endpoint);
    return fetch(input, init);
  },
}: AgentSourceOptions = {}): AgentSource {
  const ownName = givenName ?? `agent ${endpoint}`;
  const name = sharedBy === undefined ? ownName : `${ownName} ${sharedBy}`;
  const base = endpoint.replace(/\/+$/, '');
  /** What has been left out of requests, and reported. */
  const reported = new Set<string>();

  async function toHeaders({ token, context = {}, entityId }: ConfigurationRequest) {
    const bearer = typeof accessToken === 'function' ? await accessToken() : accessToken;
    const { header: contextHeader, leftOut } = writeContextHeader(context);
    const isUnwritable = UNWRITABLE.test(entityId ?? '');
    const headers = {
      ...(token?.endsWith('"') && { 'If-None-Match': token }),
      ...(contextHeader && { Context: contextHeader }),
      ...(entityId !== undefined && !isUnwritable && { 'Entity-Id': toHeaderText(entityId) }),
      ...(bearer && { Authorization: `Bearer ${bearer}` }),
    };
    return { headers, leftOut: isUnwritable ? [...leftOut, 'entityId'] : leftOut };
  }

  /** What is to be said of what was left out, once. */
  function problemOf(leftOut: readonly string[]): InvalidArgumentError | undefined {
    const news = leftOut.filter((what) => !reported.has(what));
    if (news.length === 0) return undefined;
    news.forEach((what) => reported.add(what));
    return new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        `The source "${name}" leaves out ${news.join(', ')}: headers carry no line breaks, and their Context no commas and no "=" in a key. No rule that looks at it can match.`,
    );
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
      const { headers, leftOut } = await toHeaders(request);
      const init = { headers, signal, ...freshInPage(token) };
      const response = await sendWithinOrigin(send, url, init);
      // An empty one is none.
      const etag = response.headers.get('ETag') || undefined;
      const nextPollIntervalInSeconds = intervalOf(response, requiredMinimumPollIntervalInSeconds);
      const isUnchanged = token !== undefined && response.status === 304;
      if (!response.ok && !isUnchanged) throw await toRequestError(response);
      // Also of an unchanged one: browsers log an unread answer as cancelled.
      const bytes = new Uint8Array(await response.arrayBuffer());
      const problem = problemOf(leftOut);
      if (isUnchanged) {
        return {
          configuration: bytes,
          nextToken: etag ?? token,
          nextPollIntervalInSeconds,
          problem,
        };
      }
      const versionLabel = versionOf(response, name);
      return {
        configuration: flagKeys.length === 1 ? wrapFlag(flagKeys[0], bytes) : bytes,
        nextToken: etag ?? versionLabel,
        nextPollIntervalInSeconds,
        versionLabel,
        contentType: response.headers.get('Content-Type') ?? undefined,
        problem,
      };
    },
  };
}

/** @throws InvalidArgumentError for a path where there is no page that it could belong to. */
function assertReachable(endpoint: string): void {
  if (/^[a-z][\w+.-]*:/i.test(endpoint) || typeof location === 'object') return;
  const digest =
    'agentSource on a server: give it an absolute endpoint, or prefetch with prefetchAppConfig';
  throw new InvalidArgumentError(
    // In production too: it is a server's log that shows it.
    `The endpoint "${endpoint}" is a path of the page's own origin, and so it needs a page. ${digest}.`,
    { digest },
  );
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
