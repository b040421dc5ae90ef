import { fromHeaderText, readContextHeader } from '../agentRoute/index.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import type { EvaluationContext } from '../session/index.ts';

const MAX_CONTEXT_LENGTH = 4_096;
const MAX_ENTITY_ID_LENGTH = 2_048;
const MAX_FLAGS = 100;
const MAX_FLAG_LENGTH = 128;

/** Who asks, as an application decides it. */
export interface AudienceOptions {
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
export function isPersonal(options: AudienceOptions): boolean {
  const { context, entityId, acceptContext = [], acceptEntityId = false } = options;
  return [context, entityId].some(Boolean) || acceptContext.length > 0 || acceptEntityId;
}

/**
 * For whom a request is answered.
 *
 * @throws InvalidArgumentError for headers that are too long or cannot be read.
 */
export async function readAudience(
  request: Request,
  { context, entityId, acceptContext = [], acceptEntityId = false }: AudienceOptions,
): Promise<EvaluationContext> {
  const sent = acceptContext.length > 0 ? readContext(request.headers, acceptContext) : {};
  const sentEntityId = acceptEntityId ? readEntityId(request.headers) : undefined;
  return {
    context: { ...sent, ...(await context?.(request)) },
    entityId: (await entityId?.(request)) ?? sentEntityId,
  };
}

/**
 * The flags that a query asks for, as the Agent's `?flag=` does: each once, in its order.
 *
 * @throws InvalidArgumentError for more or longer ones than anybody needs.
 */
export function readFlagKeys(query: string): readonly string[] {
  const keys = [...new Set(new URLSearchParams(query).getAll('flag'))];
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

function readEntityId(headers: Headers): string | undefined {
  const header = headers.get('Entity-Id');
  if (header === null) return undefined;
  if (header.length >= 1 && header.length <= MAX_ENTITY_ID_LENGTH) return fromHeaderText(header);
  throw new InvalidArgumentError(
    `The Entity-Id header must have 1 to ${MAX_ENTITY_ID_LENGTH} bytes.`,
  );
}
