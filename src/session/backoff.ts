import { RequestError, type AppConfigError } from '../errors/index.ts';
import { LONGEST_INTERVAL_IN_SECONDS } from './identifiers.ts';

const LONGEST_BACKOFF_MS = 5 * 60_000;
const JITTER = 0.1;

/** Adds up to a tenth, so that clients that were started together do not poll together. */
export function withJitter(delayMs: number, random: () => number): number {
  return delayMs * (1 + JITTER * random());
}

/**
 * How long to wait after a failed poll. What only a person can mend is asked for again every few
 * minutes; everything else at random within the window, so that an outage does not end in a stampede.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(error: AppConfigError, windowMs: number, random: () => number): number {
  const { code } = error;
  const { operation, retryAfterInSeconds = 0 }: Partial<RequestError> =
    error instanceof RequestError ? error : {};
  const needsAPerson =
    code === 'ResourceNotFound' ||
    code === 'AccessDenied' ||
    // A refused token is mended by a new session; refused parameters are not.
    (code === 'BadRequest' && operation === 'StartConfigurationSession');
  if (needsAPerson) return withJitter(LONGEST_BACKOFF_MS, random);
  const leaveAloneMs = Math.min(retryAfterInSeconds, LONGEST_INTERVAL_IN_SECONDS) * 1_000;
  return leaveAloneMs + Math.min(windowMs, LONGEST_BACKOFF_MS) * random();
}
