import { RequestError, type AppConfigError } from '../errors/index.ts';

const MAX_BACKOFF_MS = 5 * 60_000;
/** However long a service that may be back soon asks to be left alone. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;
/** Whatever the jitter, nothing is tried again without a delay. */
const MIN_BACKOFF_MS = 100;
const JITTER = 0.1;

/** Adds up to a tenth, so that clients that were started together do not poll together. */
export function withJitter(delayMs: number, random: () => number): number {
  return delayMs * (1 + JITTER * random());
}

/** How long the service asked to be left alone after a failure, in milliseconds: an hour at most. */
export function retryAfterMs(error: AppConfigError): number {
  const seconds = error instanceof RequestError ? (error.retryAfterInSeconds ?? 0) : 0;
  return Math.min(seconds * 1_000, MAX_RETRY_AFTER_MS);
}

/**
 * How long to wait after a failed poll: at random within the window, so that an outage does not end
 * in a stampede, and on top of what the service asked for. A refusal is handled like an outage:
 * credentials expire, clocks are set and profiles are created while the app runs.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(error: AppConfigError, windowMs: number, random: () => number): number {
  const randomMs = Math.min(windowMs, MAX_BACKOFF_MS) * random();
  return Math.max(MIN_BACKOFF_MS, retryAfterMs(error) + randomMs);
}
