import type { ConfigurationState, DeploymentEvent, ExperimentState } from '../deployments/index.ts';
import type { EmulatorSession } from '../api/index.ts';
import type { EmulatorRequest, Violation } from '../emulatorTypes.ts';
import type { Fault } from '../faults/index.ts';

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
  readonly experiments: readonly ExperimentState[];
  /** The newest last. */
  readonly events: readonly DeploymentEvent[];
  readonly requests: readonly EmulatorRequest[];
  readonly violations: readonly Violation[];
}
