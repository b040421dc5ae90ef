import type { AppConfigError } from '../errors/index.ts';
import type { CombinedFlags, UntypedFeatureFlags } from '../flags/index.ts';
import type { GoodDocument, ProfileView } from './check.ts';
import { NOTHING_KNOWN, type ProfileState } from './profileState.ts';

/** What is known of a profile's flags, and how it came. */
export interface ProfileFlags extends CombinedFlags {
  readonly error: AppConfigError | undefined;
  /** Whether the first poll is over, well or not. */
  readonly isSettled: boolean;
  /** What the flags of the service are from. */
  readonly good: GoodDocument<UntypedFeatureFlags> | undefined;
}

/** A profile for the current audience, with how polling goes. */
export interface PolledView extends ProfileView {
  readonly state: ProfileState;
}

/** A page that is hydrated decides by its own clock how old it is, and has not polled yet. */
export function toServerState(state: ProfileState): ProfileState {
  if (!state.snapshot) return state;
  return { ...NOTHING_KNOWN, snapshot: state.snapshot, isStale: false };
}
