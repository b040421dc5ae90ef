import { LRUCache } from 'lru-cache';
import type { AppConfigError } from '../errors/index.ts';
import { isSameBytes } from '../session/index.ts';
import type { ServerConfiguration, ServerSnapshot } from './serverSnapshot.ts';

/** How many different contents are compared with. */
const MAX_CONTENTS = 1_000;
const MAX_ERRORS = 100;
/** How many versions of one content are told apart: few are under way at once. */
const MAX_LABELS = 10;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * What several people were answered with is kept, decoded and encoded once. Equal bytes are found by a hash and then
 * compared: nobody gets another person's document because of a hash.
 */
export function createSharedContents() {
  const contents = new LRUCache<string, ServerConfiguration>({ max: MAX_CONTENTS });
  const errors = new LRUCache<string, AppConfigError>({ max: MAX_ERRORS });
  const snapshots = new WeakMap<ServerConfiguration, Map<string | undefined, ServerSnapshot>>();

  return {
    /** The configuration with these bytes; made where there is none yet. */
    share(
      profile: string,
      bytes: Uint8Array,
      contentType: string | undefined,
      make: () => ServerConfiguration,
    ): ServerConfiguration {
      const key = JSON.stringify([profile, contentType, bytes.byteLength, hashOf(bytes)]);
      const known = contents.get(key);
      if (known && isSameBytes(known.bytes, bytes)) return known;
      const made = make();
      contents.set(key, made);
      return made;
    },
    /** The same error for everybody who was answered with it: each holds its stack and its cause. */
    shareError(error: AppConfigError): AppConfigError {
      const key = `${error.code} ${error.profile} ${error.message}`;
      const known = errors.get(key) ?? error;
      errors.set(key, known);
      return known;
    },
    /** The same snapshot for everybody who has one such as this. */
    shareSnapshot(snapshot: ServerSnapshot): ServerSnapshot {
      const { value, versionLabel } = snapshot;
      const byLabel = snapshots.get(value) ?? new Map<string | undefined, ServerSnapshot>();
      snapshots.set(value, byLabel);
      const known = byLabel.get(versionLabel) ?? snapshot;
      if (byLabel.size > MAX_LABELS) byLabel.clear();
      byLabel.set(versionLabel, known);
      return known;
    },
  };
}

/** What {@link createSharedContents} makes. */
export type SharedContents = ReturnType<typeof createSharedContents>;

/** @see https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
function hashOf(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  // Not for-of: there may be two million of them.
  for (let index = 0; index < bytes.byteLength; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), FNV_PRIME);
  }
  return hash >>> 0;
}
