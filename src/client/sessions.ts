import { isServer, systemClock, type Clock, type ConfigurationSource } from '../session/index.ts';
import { onceForAll, onceForEach } from './registry.ts';
import { SharedSession, type SharedSessionOptions } from './sharedSession.ts';

/** What a render that was thrown away has left is found again for so long: React renders anew at once. */
export const MOMENT_MS = 10_000;
/** On a server nothing is unmounted: of what nobody listens to, so many audiences of a source are kept. */
const MAX_AUDIENCES = 1_000;

/** The session for a question of a source, by whichever client asks: it lives as long as somebody uses it. */
export function sessionOf(options: SharedSessionOptions): SharedSession {
  const sessions = sessionsOf(options.source);
  const question = questionOf(options);
  const known = sessions.get(question);
  if (known) {
    // What a page has thrown away long ago would be shown as if it were new.
    const isForgotten = known.isUnused && known.isIdle && known.idleMs > MOMENT_MS && !isServer();
    if (!isForgotten) {
      known.touch();
      sessions.delete(question);
      sessions.set(question, known);
      return known;
    }
    known.end();
  }
  // A copy, because a reader's options go on with other sources.
  const made = new SharedSession({ ...options }, () => {
    if (sessions.get(question) === made) sessions.delete(question);
  });
  sessions.set(question, made);
  forgetOldest(sessions);
  return made;
}

function sessionsOf(source: ConfigurationSource): Map<string, SharedSession> {
  return onceForEach('sessions', source, () => new Map());
}

/** Every mark that tells two sessions apart; another clock is another session. */
function questionOf(options: SharedSessionOptions): string {
  const {
    application,
    environment,
    profile,
    entityId,
    context = {},
    clock = systemClock,
  } = options;
  const { requiredMinimumPollIntervalInSeconds, requestTimeoutMs } = options;
  return JSON.stringify([
    application,
    environment,
    profile,
    entityId,
    // Not toSorted, which Hermes lacks.
    // oxlint-disable-next-line unicorn/no-array-sort -- the array is this function's own
    Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)),
    requiredMinimumPollIntervalInSeconds,
    requestTimeoutMs,
    numberOf(clock),
  ]);
}

function numberOf(clock: Clock): number {
  if (clock === systemClock) return 0;
  const numbers = onceForAll('clocks', () => ({ last: 0 }));
  return onceForEach('clock', clock, () => (numbers.last += 1));
}

function forgetOldest(sessions: Map<string, SharedSession>): void {
  if (sessions.size <= MAX_AUDIENCES) return;
  for (const session of sessions.values()) {
    if (!session.isIdle || !session.isPersonal) continue;
    session.end();
    return;
  }
}
