import { InvalidArgumentError } from '../errors/index.ts';
import { fromHeaderText } from './headerText.ts';

const MAX_ENTITY_ID_BYTES = 2_048;

/**
 * Whom a request is for, by its `Entity-Id` header; undefined where it does not say.
 *
 * @throws InvalidArgumentError for a header that is empty or too long.
 */
export function readEntityIdHeader(headers: Headers): string | undefined {
  const header = headers.get('Entity-Id');
  if (header === null) return undefined;
  if (header.length >= 1 && header.length <= MAX_ENTITY_ID_BYTES) return fromHeaderText(header);
  throw new InvalidArgumentError(
    `The Entity-Id header must have 1 to ${MAX_ENTITY_ID_BYTES} bytes.`,
  );
}
