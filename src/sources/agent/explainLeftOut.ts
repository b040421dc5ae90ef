import { isWritable } from '../../agentRoute/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import type { ConfigurationRequest } from '../../session/index.ts';

/** What no header carries. */
export const UNWRITABLE = /[\0\r\n]/;

/**
 * What is to be said of what the headers of a request could not carry, once.
 *
 * @param reported what has been said of before; what is said now is added
 */
export function explainLeftOut(
  sourceName: string,
  { context = {}, entityId = '' }: ConfigurationRequest,
  reported: Set<string>,
): InvalidArgumentError | undefined {
  const attributes = Object.entries(context).filter((attribute) => !isWritable(attribute));
  const news = attributes
    .map(([key]) => `context["${key}"]`)
    .concat(UNWRITABLE.test(entityId) ? ['entityId'] : [])
    .filter((what) => !reported.has(what));
  if (news.length === 0) return undefined;
  news.forEach((what) => reported.add(what));
  return new InvalidArgumentError(
    `The source "${sourceName}" leaves out ${news.join(', ')}: headers carry no line breaks, and their Context no commas and no "=" in a key. No rule that looks at it can match.`,
  );
}
