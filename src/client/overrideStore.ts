import type { OverriddenProfiles } from '../flags/index.ts';
import type { Store } from './store.ts';

/** Where a client reads its overrides: `browserOverrides()`, or a store of your own. */
export interface OverrideStore extends Store<OverriddenProfiles> {
  /** Told of the profile that flags are in, where none is named. */
  readonly adoptFlagsProfile?: ((profile: string) => void) | undefined;
}
