import type { AppConfigError } from '../errors/index.ts';
import { isRecord } from '../flags/index.ts';
import type { ConfigurationSnapshot } from '../session/index.ts';

/** A profile's document as the query cache holds it. */
export interface CachedSnapshot<Document = unknown> extends ConfigurationSnapshot<Document> {
  /** How many seconds the service wants to be left alone, as of its newest answer. */
  readonly pollIntervalInSeconds?: number | undefined;
  /** Whether its source's name does not say to whom it belongs: then it is not kept beyond the page. */
  readonly isPersonal?: boolean | undefined;
}

/** What is known of a profile of the service; another object after each poll. */
export interface ProfileState {
  /** The last good document with its version, or undefined before there is one. */
  readonly snapshot: CachedSnapshot | undefined;
  /** Why the newest poll failed or its content cannot be used. */
  readonly error: AppConfigError | undefined;
  /** Whether there may be a newer document: the newest poll failed, or none has confirmed an old cache. */
  readonly isStale: boolean;
  readonly pollCount: number;
  readonly lastPollAt: number | undefined;
  /** When the cached document was written or confirmed last, in milliseconds since 1970; 0 before. */
  readonly dataUpdatedAt: number;
  readonly nextPollAt: number | undefined;
}

/** Before anything was loaded. */
export const NOTHING_KNOWN: ProfileState = {
  snapshot: undefined,
  error: undefined,
  isStale: true,
  pollCount: 0,
  lastPollAt: undefined,
  dataUpdatedAt: 0,
  nextPollAt: undefined,
};

/** Whether the cache holds what this package has put there. */
export function isSnapshot(data: unknown): data is CachedSnapshot {
  return isRecord(data) && Object.hasOwn(data, 'value');
}

/** The last object if the next one has the same members. */
export function keepIfSame<Members extends object>(
  last: Members | undefined,
  next: Members,
): Members {
  if (!last) return next;
  for (const name in next) if (!Object.is(last[name], next[name])) return next;
  return last;
}
