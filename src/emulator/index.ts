export { createEmulator } from './createEmulator.ts';
export { findAnswers } from './createFetch.ts';
export {
  type ConfigurationName,
  type ConfigurationState,
  type ConfigurationType,
  type DeployedVersionInfo,
  type Deployment,
  type DeploymentState,
  type DeploymentStrategy,
  type DeploymentEvent,
  type DeploymentEventType,
  type Experiment,
  type ExperimentName,
  type Experiments,
  type ExperimentsOptions,
  type ExperimentState,
  type ExperimentUpdate,
  type Entity,
  type Treatment,
  type TreatmentAssignment,
  type CompiledPattern,
  type JsonValue,
  type FlagContext,
  type FlagsReading,
  type FlagValue,
  type FlagVariant,
  type MultiVariantFlags,
  type RuleMatcher,
  type RuleReading,
  type VariantFlag,
  InvalidConfigurationError,
  type ConfigurationIssue,
} from './deployments/index.ts';
export type { EmulatorOperation, EmulatorSession, ViolationRule } from './api/index.ts';
export type {
  Emulator,
  EmulatorClock,
  EmulatorOptions,
  EmulatorRequest,
  Violation,
} from './emulatorTypes.ts';
export type { Fault } from './faults/index.ts';
export { emulatorRequestHandler, type EmulatorRequestHandler } from './emulatorRequestHandler.ts';
