import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import type { ProfileOverride } from './overrides.ts';
import type { CurrentObserver } from './currentObserver.ts';
import type { CachedSnapshot, ProfileState } from './profileState.ts';
import { deriveStore, type Store } from './store.ts';

/** Whose documents are checked. */
interface CheckedProfile {
  readonly name: string;
  readonly observer: CurrentObserver;
  readonly report: (error: AppConfigError) => void;
}

interface GoodDocument<Document> {
  readonly document: Document;
  readonly snapshot: CachedSnapshot;
}

/** The last good document of a profile as one kind of reader sees it. */
export interface CheckedState<Document> {
  readonly good: GoodDocument<Document> | undefined;
  /** The same without overrides. */
  readonly serviceGood: GoodDocument<Document> | undefined;
  readonly error: AppConfigError | undefined;
  readonly isStale: boolean;
  readonly override: ProfileOverride | undefined;
  /** The newest document that was checked, and what was wrong with it. */
  readonly checked: CheckedDocument<Document> | undefined;
}

type CheckedDocument<Document> =
  | { readonly value: unknown; readonly document: Document; readonly error?: undefined }
  | { readonly value: unknown; readonly error: AppConfigError };

/**
 * A profile's documents as one kind of reader sees them: checked once a version, the last good one kept.
 *
 * @param check turns a value into what components see, or throws
 */
export function createCheckedStore<Document>(
  { name, observer, report }: CheckedProfile,
  check: (value: unknown) => Document,
): Store<CheckedState<Document>> {
  const reported = new WeakSet<AppConfigError>();
  const checkOnce = createCheck();
  const checkServiceOnce = createCheck();

  /** Shared by what a page shows and what it was hydrated with: one check, one error. */
  function createCheck() {
    let newest: CheckedDocument<Document> | undefined;
    return (value: unknown): CheckedDocument<Document> => {
      if (!newest || !Object.is(newest.value, value)) newest = runCheck(value);
      return newest;
    };
  }

  function runCheck(value: unknown): CheckedDocument<Document> {
    try {
      return { value, document: check(value) };
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'MalformedContent', 'The schema');
      error.profile ??= name;
      return { value, error };
    }
  }

  /** The last good one, of the service or with overrides. */
  function findGood(
    snapshot: CachedSnapshot | undefined,
    checked: CheckedDocument<Document> | undefined,
    last: GoodDocument<Document> | undefined,
  ): GoodDocument<Document> | undefined {
    if (!snapshot || !checked || checked.error || last?.snapshot === snapshot) return last;
    return { document: checked.document, snapshot };
  }

  return deriveStore<ProfileState, CheckedState<Document>>(
    observer,
    ({ snapshot, error, isStale, override, service }, last) => {
      const checked = snapshot && checkOnce(snapshot.value);
      const checkError = checked?.error;
      const serviceGood = override
        ? findGood(service, service && checkServiceOnce(service.value), last?.serviceGood)
        : findGood(snapshot, checked, last?.serviceGood);
      const lastOverridden = last?.override ? last.good : undefined;
      const good = override
        ? (findGood(snapshot, checked, lastOverridden) ?? serviceGood)
        : serviceGood;
      const next = {
        good,
        serviceGood,
        error: error ?? checkError,
        isStale: isStale || checkError !== undefined,
        override,
        checked,
      };
      const isSame =
        last?.good === good &&
        last?.error === next.error &&
        last?.isStale === next.isStale &&
        last?.override === override;
      return last && isSame ? last : next;
    },
    ({ checked }) => {
      if (!checked?.error || reported.has(checked.error)) return;
      reported.add(checked.error);
      report(checked.error);
    },
  );
}
