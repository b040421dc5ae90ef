import type { FlagReason, UntypedFlag } from '../flags/index.ts';

/** Somebody has seen what a flag does: what an experiment counts. */
export interface FlagExposure {
  readonly profile: string;
  readonly flag: string;
  /** The variant of a multi-variant flag. */
  readonly variant: string | undefined;
  /** The flag with its attributes. */
  readonly value: UntypedFlag;
  readonly reason: FlagReason;
  readonly versionLabel: string | undefined;
  /** Whom the flag was evaluated for. */
  readonly entityId: string | undefined;
}
