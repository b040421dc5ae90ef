import { isSameStructure, validate, type StandardSchema } from '../configuration/index.ts';
import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { overrideValue, type ProfileOverride } from '../flags/index.ts';
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

/** The last good document of a profile as one kind of reader sees it. */
export interface DocumentState<Document> {
  readonly good: GoodDocument<Document> | undefined;
  /** The same without overrides. */
  readonly service: GoodDocument<Document> | undefined;
  readonly error: AppConfigError | undefined;
  readonly isStale: boolean;
  readonly override: ProfileOverride | undefined;
}

/** How a profile's document is read: checked by a schema if there is one, once a version. */
export interface DocumentReading {
  readonly toState: (
    view: ProfileView,
    last: DocumentState<unknown> | undefined,
  ) => DocumentState<unknown>;
  /** What is wrong with the newest document. */
  readonly errorOf: (view: ProfileView) => AppConfigError | undefined;
}

/** Makes a {@link DocumentReading}. */
export function createDocumentReading(
  profile: string,
  schema: StandardSchema | undefined,
): DocumentReading {
  const check = (value: unknown) => (schema ? validate(value, schema) : value);
  const checkService = createCheck(profile, check);
  const checkOverridden = createCheck(profile, check);
  const overlay = createOverlay();
  const checkedOf = (view: ProfileView) => {
    const overridden = overlay(view);
    return view.override
      ? overridden && checkOverridden(overridden.value)
      : view.snapshot && checkService(view.snapshot.value);
  };

  return {
    errorOf: (view) => checkedOf(view)?.error,
    toState(view, last) {
      const { snapshot, override } = view;
      const service = findGood(snapshot, snapshot && checkService(snapshot.value), last?.service);
      const checked = checkedOf(view);
      const lastOverridden = last?.override ? last.good : undefined;
      const next = {
        good: override ? (findGood(overlay(view), checked, lastOverridden) ?? service) : service,
        service,
        error: view.error ?? checked?.error,
        isStale: view.isStale || checked?.error !== undefined,
        override,
      };
      const isSame =
        last?.good === next.good &&
        last?.error === next.error &&
        last?.isStale === next.isStale &&
        last?.override === override;
      return last && isSame ? last : next;
    },
  };
}

/** Applies overrides; the same object as long as document and override are the same. */
function createOverlay(): (view: ProfileView) => CachedSnapshot | undefined {
  let last:
    { readonly view: ProfileView; readonly snapshot: CachedSnapshot | undefined } | undefined;
  return (view) => {
    const { snapshot, override } = view;
    if (!override) return snapshot;
    const isSame = last?.view.override === override && last?.view.snapshot === snapshot;
    if (!last || !isSame) {
      last = { view, snapshot: keepEqual(last?.snapshot, mergeOver(snapshot, override)) };
    }
    return last.snapshot;
  };
}

/** A poll that brings nothing new must not bring another document either. */
function keepEqual(
  before: CachedSnapshot | undefined,
  next: CachedSnapshot | undefined,
): CachedSnapshot | undefined {
  return isSameStructure(before, next) ? before : next;
}

function mergeOver(
  snapshot: CachedSnapshot | undefined,
  override: ProfileOverride,
): CachedSnapshot | undefined {
  const value = overrideValue(snapshot?.value, override);
  if (value === undefined) return undefined;
  // A document that was overridden is of no version.
  const version = override.document === undefined ? snapshot : undefined;
  return { versionLabel: undefined, contentType: undefined, ...version, value };
}
