export { createEmulator } from './createEmulator.ts';
export type {
  ConfigurationName,
  ConfigurationState,
  ConfigurationType,
  DeployedVersionInfo,
  Deployment,
  DeploymentState,
  DeploymentStrategy,
  JsonValue,
} from './deploymentTypes.ts';
export type {
  Emulator,
  EmulatorClock,
  EmulatorOperation,
  EmulatorOptions,
  EmulatorRequest,
  EmulatorSession,
  Fault,
  Violation,
  ViolationRule,
} from './emulatorTypes.ts';
export type {
  FlagContext,
  FlagsReading,
  FlagValue,
  FlagVariant,
  MultiVariantFlags,
  RuleMatcher,
  RuleReading,
  VariantFlag,
} from './flagVariants.ts';
export { InvalidConfigurationError, type ConfigurationIssue } from './invalidConfigurationError.ts';
export { emulatorRequestHandler, type EmulatorRequestHandler } from './requestHandler.ts';
