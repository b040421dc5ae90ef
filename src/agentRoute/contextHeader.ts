import { InvalidArgumentError } from '../errors/index.ts';
import { fromHeaderText, toHeaderText } from './headerText.ts';

// What separates in the header, and what no header carries.
const UNWRITABLE_KEY = /^\s*$|[,=\0\r\n]/;
const UNWRITABLE_VALUE = /[,\0\r\n]/;

/**
 * A context as the `Context` header of the AppConfig Agent: `key=value`, several of them after commas. What that header
 * cannot carry is left out: one attribute must not take all flags away.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-retrieving-feature-flags.html
 */
export function writeContextHeader(context: Readonly<Record<string, string>>): string {
  const parts = Object.entries(context).filter(isWritable);
  return toHeaderText(parts.map(([key, value]) => `${key}=${value}`).join(', '));
}

/** Whether that header can carry an attribute of a context. */
export function isWritable([key, value]: readonly [string, string]): boolean {
  return !UNWRITABLE_KEY.test(key) && !UNWRITABLE_VALUE.test(value);
}

/**
 * Reads such a header: what stands before the first `=` is the key.
 *
 * @throws InvalidArgumentError for a header that is too long, or holds something else.
 */
export function readContextHeader(header: string, maxLength: number): Map<string, string> {
  if (header.length > maxLength) {
    throw new InvalidArgumentError(`The Context header has more than ${maxLength} characters.`);
  }
  const context = new Map<string, string>();
  for (const item of fromHeaderText(header).split(',')) {
    if (item.trim() === '') continue;
    const end = item.indexOf('=');
    const key = item.slice(0, Math.max(0, end)).trim();
    if (key === '') {
      throw new InvalidArgumentError(
        'The Context header must hold key=value, several of them after commas.',
      );
    }
    context.set(key, item.slice(end + 1).trim());
  }
  return context;
}
