export { createEmulator } from './createEmulator.ts';
export type {
  ConfigurationName,
  ConfigurationState,
  ConfigurationType,
  DeployedVersionInfo,
  Deployment,
  DeploymentState,
  DeploymentStrategy,
  Emulator,
  EmulatorClock,
  EmulatorOperation,
  EmulatorOptions,
  EmulatorRequest,
  EmulatorSession,
  Fault,
  JsonValue,
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
