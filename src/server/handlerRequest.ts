import { readContextHeader, readEntityIdHeader } from '../agentRoute/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import {
  assertEvaluationContext,
  toEvaluationContext,
  type ConfigurationRequest,
  type EvaluationContext,
} from '../session/index.ts';

const MAX_CONTEXT_LENGTH = 4_096;
const MAX_FLAGS = 100;
const MAX_FLAG_LENGTH = 128;

/** How an application decides who asks. */
export interface HandlerContextOptions {
  /**
   * What is known of who asks, found out on the server: from a session, a cookie, a header of the CDN. It
   * outranks what the request itself says.
   */
  context?:
    | ((request: Request) => EvaluationContext['context'] | Promise<EvaluationContext['context']>)
    | undefined;
  /** Who asks, found out on the server. It outranks what the request itself says. */
  entityId?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
  /**
   * The keys that are taken from the request's own `Context` header: anybody can send any value.
   * @default none
   */
  acceptContext?: readonly string[] | undefined;
  /**
   * Whether the request's own `Entity-Id` header is taken: anybody can send any value.
   * @default false
   */
  acceptEntityId?: boolean | undefined;
}

/** Whether answers may depend on who asks. */
export function isPersonal(options: HandlerContextOptions): boolean {
  const { context, entityId, acceptContext = [], acceptEntityId = false } = options;
  return [context, entityId].some(Boolean) || acceptContext.length > 0 || acceptEntityId;
}

/** For whom a request is answered. */
export type HandlerAudience = Pick<ConfigurationRequest, 'entityId' | 'context'>;

/** What a request says, as far as it is listened to. */
export interface HandlerQuestion extends HandlerAudience {
  /** The only flags that are wanted; none for all. */
  readonly flagKeys: readonly string[];
}

/** What a stranger has sent cannot be answered. */
export class BadRequestError extends Error {
  override name = 'BadRequestError';
}

/**
 * Reads what a request asks for, and what it says of who asks, where that is accepted.
 *
 * @throws BadRequestError for too many or too long parts, and for what cannot be read.
 */
export function readQuestion(
  { headers }: Request,
  query: string,
  { acceptContext = [], acceptEntityId = false }: HandlerContextOptions,
): HandlerQuestion {
  return orBadRequest(() => {
    const question = {
      flagKeys: query === '' ? [] : readFlagKeys(query),
      context: acceptContext.length > 0 ? readContext(headers, acceptContext) : {},
      entityId: acceptEntityId ? readEntityIdHeader(headers) : undefined,
    };
    assertEvaluationContext(question);
    return question;
  });
}

function orBadRequest<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof InvalidArgumentError)) throw thrown;
    throw new BadRequestError(thrown.message);
  }
}

/**
 * For whom a request is answered: what the server knows outranks what the request says.
 *
 * @throws BadRequestError for an entity that is too long: an app takes it from a cookie, and that from a stranger.
 */
export async function decideAudience(
  request: Request,
  said: HandlerAudience,
  { context, entityId }: HandlerContextOptions,
): Promise<HandlerAudience> {
  const audience = {
    // An app that looks into an empty session finds undefined.
    context: { ...said.context, ...(await context?.(request)) },
    entityId: (await entityId?.(request)) || said.entityId,
  };
  const { entityId: decided } = audience;
  if (typeof decided === 'string') {
    orBadRequest(() => assertEvaluationContext({ entityId: decided }));
  }
  assertEvaluationContext(audience);
  return toEvaluationContext(audience);
}

/** The flags that a query asks for, as the Agent's `?flag=` does: each once. */
function readFlagKeys(query: string): readonly string[] {
  const keys = [...new Set(new URLSearchParams(query).getAll('flag'))].toSorted();
  if (keys.length > MAX_FLAGS || keys.some((key) => key.length > MAX_FLAG_LENGTH)) {
    throw new InvalidArgumentError(
      `A request may name ${MAX_FLAGS} flags of ${MAX_FLAG_LENGTH} characters.`,
    );
  }
  return keys;
}

function readContext(headers: Headers, accepted: readonly string[]): Record<string, string> {
  const sent = readContextHeader(headers.get('Context') ?? '', MAX_CONTEXT_LENGTH);
  return Object.fromEntries([...sent].filter(([key]) => accepted.includes(key)));
}
