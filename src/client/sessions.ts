import { systemClock, type Clock } from '../session/index.ts';
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
  const byClock = onceForEach(
    'sessions',
    source,
    () => new WeakMap<Clock, Map<string, SharedSession>>(),
  );
  const sessions = byClock.get(clock) ?? new Map<string, SharedSession>();
  byClock.set(clock, sessions);
  const question = [
    hash,
    options.requiredMinimumPollIntervalInSeconds,
    options.requestTimeoutMs,
  ].join(' ');
  const known = sessions.get(question);
  if (known?.isForgotten()) known.end();
  const found =
    known && !known.isEnded
      ? known
      : // A copy, because a reader's options go on with other sources.
        createSharedSession({ ...options }, () => {
          if (sessions.get(question) === found) sessions.delete(question);
        });
  // The one that was asked for last stands at the end.
  sessions.delete(question);
  sessions.set(question, found);
  if (sessions.size > MAX_AUDIENCES) {
    [...sessions.values()].find(({ isDispensable }) => isDispensable())?.end();
  }
  return found;
}
