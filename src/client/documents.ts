import { isSameStructure, validate, type StandardSchema } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import { overrideValue, type ProfileOverride } from '../flags/index.ts';
import type { ReadableProfile } from './appConfigProfile.ts';
import { createCheck, findGood, type GoodDocument, type ProfileView } from './check.ts';
import { perObject } from './memoize.ts';
import type { CachedSnapshot } from './profileState.ts';
import type { Selection } from './selection.ts';

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
interface DocumentReading {
  readonly toState: (
    view: ProfileView,
    last: DocumentState<unknown> | undefined,
  ) => DocumentState<unknown>;
  /** What is wrong with the newest document. */
  readonly errorOf: (view: ProfileView) => AppConfigError | undefined;
}

function createDocumentReading(
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

function askDocument(
  profile: ReadableProfile,
  schema: StandardSchema | undefined,
): Selection<DocumentState<unknown>> {
  const { toState, errorOf } = createDocumentReading(profile.name, schema);
  return profile.selectView<DocumentState<unknown>>(toState, errorOf);
}

const plainOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  askDocument(profile, undefined),
);

const validatedOf = /* @__PURE__ */ perObject((profile: ReadableProfile) =>
  perObject((schema: StandardSchema) => askDocument(profile, schema)),
);

/** A profile's document, through a schema if there is one; one selection for each schema. */
export function documentOf(
  profile: ReadableProfile,
  schema?: StandardSchema,
): Selection<DocumentState<unknown>> {
  return schema ? validatedOf(profile)(schema) : plainOf(profile);
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
