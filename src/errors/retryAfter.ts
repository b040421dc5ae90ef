/**
 * How many seconds a `Retry-After` header asks for: given in seconds, or as a date, which is counted from
 * the answer's own `Date`, because this machine's clock may be wrong.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(value: unknown, date: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const answeredAt = Date.parse(String(date));
  const now = Number.isNaN(answeredAt) ? Date.now() : answeredAt;
  const seconds = /^\s*\d+\s*$/.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - now) / 1_000);
  return seconds > 0 ? seconds : undefined;
}
