export { createEmulator } from './createEmulator.ts';
export { findAnswers } from './createFetch.ts';
export {
  type ConfigurationName,
  type ConfigurationState,
  type Deployment,
  type DeploymentStrategy,
  type DeploymentEvent,
  type Experiment,
  type ExperimentName,
  type ExperimentState,
  type ExperimentUpdate,
  type TreatmentAssignment,
  type JsonValue,
  type MultiVariantFlags,
  InvalidConfigurationError,
  type ConfigurationIssue,
} from './deployments/index.ts';
export type { EmulatorSession } from './api/index.ts';
export type {
  Emulator,
  EmulatorClock,
  EmulatorOptions,
  EmulatorRequest,
  Violation,
} from './emulatorTypes.ts';
export type { Fault } from './faults/index.ts';
export { emulatorRequestHandler, type EmulatorRequestHandler } from './emulatorRequestHandler.ts';
