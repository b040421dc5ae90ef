import { systemClock, type Clock } from '../session/index.ts';
import { perObject } from './memoize.ts';
import { onceForEach } from './registry.ts';
import {
  createSharedSession,
  type SharedSession,
  type SharedSessionOptions,
} from './sharedSession.ts';

/** On a server nothing is unmounted: of what nobody listens to, so many audiences of a source are kept. */
const MAX_AUDIENCES = 1_000;

/**
 * The session for a question of a source, by whichever client asks: it lives as long as somebody uses it.
 * @param hash says what is asked: the hash of the query's key
 */
export function sessionOf(options: SharedSessionOptions, hash: string): SharedSession {
  const { source, clock = systemClock } = options;
  // Every mark that tells two sessions apart; another clock is another session.
  const sessions = onceForEach('sessions', source, () =>
    perObject((_clock: Clock) => new Map<string, SharedSession>()),
  )(clock);
  const question = [
    hash,
    options.requiredMinimumPollIntervalInSeconds,
    options.requestTimeoutMs,
  ].join(' ');
  // One that ends is gone from here.
  sessions.get(question)?.endIfForgotten();
  const found =
    sessions.get(question) ??
    // A copy, because a reader's options go on with other sources.
    createSharedSession({ ...options }, () => sessions.delete(question));
  // The one that was asked for last stands at the end.
  sessions.delete(question);
  sessions.set(question, found);
  if (sessions.size > MAX_AUDIENCES) {
    [...sessions.values()].find(({ isDispensable }) => isDispensable())?.end();
  }
  return found;
}
