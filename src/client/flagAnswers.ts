import type { AppConfigError } from '../errors/index.ts';
import type { FlagReason, UntypedFlag } from '../flags/index.ts';
import type { CountingStore } from './store.ts';

/** A flag and where it comes from. */
export interface FlagDetails<AnyFlag = UntypedFlag> {
  readonly flag: AnyFlag;
  /** The variant of a multi-variant flag. */
  readonly variant: string | undefined;
  readonly reason: FlagReason;
  /** The label of the version that the flag comes from, if it has one. */
  readonly versionLabel: string | undefined;
  /** Why the newest poll failed or its content cannot be used. */
  readonly error: AppConfigError | undefined;
}

/** A flag as `<Feature>` shows it. */
export interface FeatureState {
  readonly flag: UntypedFlag;
  /** True while neither the flag nor a default for it is known. */
  readonly isPending: boolean;
}

/** What components ask of a flag, and what they get. */
export interface FlagAnswers {
  readonly flag: UntypedFlag;
  readonly enabled: boolean;
  readonly feature: FeatureState;
  readonly details: FlagDetails;
}

/** The stores of a flag, each from the first time that its question is asked. */
export type FlagStores = {
  [Question in keyof FlagAnswers]?: CountingStore<FlagAnswers[Question]>;
};
