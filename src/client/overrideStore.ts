import type { OverriddenProfiles } from '../flags/index.ts';
import type { Store } from './store.ts';

/** Whose overrides a store holds. */
export interface OverrideOwner {
  readonly application: string;
  readonly environment: string;
  /** The profile of flags that are overridden without naming one. */
  readonly flags?: string | undefined;
}

/** Where a client reads its overrides: `browserOverrides()`, or a store of your own. */
export interface OverrideStore extends Store<OverriddenProfiles> {
  /**
   * Told who uses it, before anything is read. It holds the overrides of the first one that it is told of.
   *
   * @returns the store to use: for another application, one of its own
   */
  readonly adopt?: ((owner: OverrideOwner) => OverrideStore) | undefined;
}
