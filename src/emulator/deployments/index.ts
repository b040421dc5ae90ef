export { ConfigurationStore, type ResourceType } from './configurationStore.ts';
export type { AttributeDefinition, FlagDefinition } from './flagDefinitions.ts';
export { isFlagDocument, readFlagDocument } from './flagDocument.ts';
export type { DeployedConfiguration, DeployedVersion } from './deployedConfiguration.ts';
export type { DeploymentEvent } from './deploymentEvents.ts';
export type {
  ConfigurationName,
  ConfigurationState,
  Deployment,
  DeploymentStrategy,
  JsonValue,
} from './deploymentTypes.ts';
export type {
  Entity,
  Experiment,
  ExperimentName,
  Experiments,
  ExperimentsOptions,
  ExperimentState,
  ExperimentUpdate,
  Treatment,
  TreatmentAssignment,
} from './experimentTypes.ts';
export {
  evaluateFlags,
  type CompiledPattern,
  type FlagContext,
  type FlagsReading,
  type FlagValue,
  type FlagVariant,
  type RuleMatcher,
  type RuleReading,
  type VariantFlag,
} from './flagVariants.ts';
export type { MultiVariantFlags } from './multiVariantFlags.ts';
export { hashNumber } from './hash.ts';
export { History } from './history.ts';
export { InvalidConfigurationError, type ConfigurationIssue } from './invalidConfigurationError.ts';
export { isJsonType, readJsonObject } from './json.ts';
export {
  MAX_IDENTIFIER_LENGTH,
  MAX_INTERVAL_IN_SECONDS,
  MIN_INTERVAL_IN_SECONDS,
} from './limits.ts';
export { Members } from './members.ts';
export {
  findContentProblem,
  prepareVersion,
  readConfigurationName,
  readDeployment,
} from './readDeployment.ts';
export {
  armsOf,
  readExperiment,
  readExperimentName,
  readExperimentUpdate,
} from './readExperiment.ts';
