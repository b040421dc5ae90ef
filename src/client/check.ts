import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import type { ProfileOverride } from '../flags/index.ts';
import type { CachedSnapshot } from './profileState.ts';

/** A profile as components see it: for the current audience, before overrides are applied. */
export interface ProfileView {
  /** The service's, or what was known for the previous audience until it is there. */
  readonly snapshot: CachedSnapshot | undefined;
  readonly error: AppConfigError | undefined;
  readonly isStale: boolean;
  readonly override: ProfileOverride | undefined;
}

/** A document that passed its check, and what it was delivered as. */
export interface GoodDocument<Document> {
  readonly document: Document;
  readonly snapshot: CachedSnapshot;
}

/** What a check says of a value. */
export type CheckedValue<Document> =
  | { readonly value: unknown; readonly document: Document; readonly error?: undefined }
  | { readonly value: unknown; readonly error: AppConfigError };

/** Checks each value once: what a page shows and what it was hydrated with share a check and its error. */
export type Check<Document> = (value: unknown) => CheckedValue<Document>;

/** @param check turns a value into what components see, or throws */
export function createCheck<Document>(
  profile: string,
  check: (value: unknown) => Document,
): Check<Document> {
  let newest: CheckedValue<Document> | undefined;
  return (value) => {
    if (newest && Object.is(newest.value, value)) return newest;
    try {
      newest = { value, document: check(value) };
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'The schema');
      error.profile ??= profile;
      newest = { value, error };
    }
    return newest;
  };
}

/** The newest document if it is good, else the last one that was. */
export function findGood<Document>(
  snapshot: CachedSnapshot | undefined,
  checked: CheckedValue<Document> | undefined,
  last: GoodDocument<Document> | undefined,
): GoodDocument<Document> | undefined {
  if (!snapshot || !checked || checked.error || last?.snapshot === snapshot) return last;
  return { document: checked.document, snapshot };
}
