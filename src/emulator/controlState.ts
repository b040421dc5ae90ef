import type { ConfigurationState } from './deploymentTypes.ts';
import type { EmulatorRequest, EmulatorSession, Fault, Violation } from './emulatorTypes.ts';

/** A fault that has not happened yet; null goes on until it is cleared. */
export type PendingFault = Omit<Fault, 'times'> & { readonly times: number | null };

/** What the control page shows. */
export interface ControlState {
  /** How far the emulator's clock is ahead of the machine's. */
  readonly clockOffsetMs: number;
  readonly configurations: readonly ConfigurationState[];
  readonly sessionCount: number;
  /** Those that polled last. */
  readonly sessions: readonly EmulatorSession[];
  readonly faults: readonly PendingFault[];
  readonly requests: readonly EmulatorRequest[];
  readonly violations: readonly Violation[];
}
