import type { AttributeValue } from '../configuration/index.ts';
import { InvalidArgumentError, TypeMismatchError } from '../errors/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import { perObject } from './memoize.ts';

const reportedBy = /* @__PURE__ */ perObject((_client: AppConfigClient) => new Set<string>());

/** Which attribute is read, for the messages. */
export interface AttributePlace {
  profile: string;
  /** The flag and the attribute, as in `checkout.maxItems`. */
  place: string;
}

/**
 * The attribute if it is of the default's type, else the default; `onError` hears of that once.
 *
 * @throws InvalidArgumentError for a default that no attribute can be equal to.
 */
export function valueOrDefault(
  client: AppConfigClient,
  value: AttributeValue | undefined,
  defaultValue: AttributeValue,
  { profile, place }: AttributePlace,
): AttributeValue {
  const wanted = kindOf(defaultValue);
  if (wanted === undefined) {
    throw new InvalidArgumentError(
      `The default for ${place} must be a string, a number, a boolean or an array of strings or numbers. Give useFlagValue one as its third argument.`,
      { profile },
    );
  }
  if (value === undefined) return defaultValue;
  if (kindOf(value) === wanted) return value;
  const reported = reportedBy(client);
  const key = JSON.stringify([profile, place, wanted]);
  if (!reported.has(key)) {
    reported.add(key);
    client.report(
      new TypeMismatchError(
        `${place} is of type ${kindOf(value) ?? typeof value}, not ${wanted} like the default, which is used. Change the default or the attribute.`,
        { profile },
      ),
    );
  }
  return defaultValue;
}

function kindOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return 'array';
  return ['string', 'number', 'boolean'].find((kind) => kind === typeof value);
}
