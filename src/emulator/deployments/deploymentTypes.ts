/** A value that JSON can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What names a configuration: names or the ids that stand for them. */
export interface ConfigurationName {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** What kind of configuration a profile holds, by AWS's names. */
export type ConfigurationType = 'AWS.AppConfig.FeatureFlags' | 'AWS.Freeform';

/**
 * How a version reaches one target after the other. A target is a session, an entity in a request to the
 * AppConfig Agent, or the Agent itself if a request names no entity.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy.html
 */
export interface DeploymentStrategy {
  /** How long the steps take together, in minutes, 0 to 1,440; with the last one all targets have the version. */
  readonly deploymentDurationInMinutes: number;
  /** The percentage of targets that have it after the first step, 1 to 100. */
  readonly growthFactor: number;
  /**
   * Whether each step adds as many targets as the first, or doubles them.
   * @default 'LINEAR'
   */
  readonly growthType?: 'LINEAR' | 'EXPONENTIAL' | undefined;
  /**
   * How long the version is watched with all targets before the deployment is over, in minutes, 0 to
   * 1,440. Until then a rollback is the end of the deployment.
   * @default 0
   */
  readonly finalBakeTimeInMinutes?: number | undefined;
  /**
   * Decides together with a session's number or an entity's id which of them are among the first: the
   * same seed, the same ones.
   * @default ''
   */
  readonly seed?: string | undefined;
}

/** A version of a configuration that is to be served from now on. */
export interface Deployment extends ConfigurationName {
  /** Text and bytes are served as they are, any other value as JSON. At most 2 MiB. */
  readonly content: string | Uint8Array | JsonValue;
  /**
   * The media type that the content is served with. `application/ion; type=AWS.AppConfig.FeatureFlags`
   * is read as multi-variant flags in Amazon Ion.
   * @default `application/octet-stream` for bytes, else `application/json`
   */
  readonly contentType?: string | undefined;
  /** The version's label, if it shall have one: 1 to 64 characters, not digits alone. */
  readonly versionLabel?: string | undefined;
  /**
   * What the content is. Feature flags are checked, and may be written as they are stored, with their
   * definitions and variants. A `type` in the content type says it, too.
   * @default feature flags for Amazon Ion and for JSON that has `version`, `flags` and `values` as
   * AWS AppConfig stores them and nothing else; all other content is freeform
   */
  readonly type?: ConfigurationType | undefined;
  /** @default all targets at once, as is the first version of a configuration */
  readonly strategy?: DeploymentStrategy | undefined;
}

/** A version that was deployed. */
export interface DeployedVersionInfo {
  /** Counts up from 1 for each profile of an application, over all of its environments. */
  readonly number: number;
  readonly versionLabel: string | undefined;
  readonly contentType: string;
  /** How long it is as it was deployed, in bytes. */
  readonly contentBytes: number;
  /** In milliseconds since 1970 by the emulator's clock. */
  readonly deployedAt: number;
}

/** What has been deployed of a configuration. */
export interface DeploymentState {
  /** The newest versions, the newest last. */
  readonly versions: readonly DeployedVersionInfo[];
  /** The number of the version that all targets have, but for those that a roll-out has reached. */
  readonly live: number | undefined;
  readonly canRollBack: boolean;
  /** A version on its way to all targets, and what percentage of them has it. */
  readonly rollOut: { readonly version: number; readonly percentage: number } | undefined;
}

/** A configuration's names, and the ids that stand for them. */
export interface NamesAndIds extends ConfigurationName {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
}

/** A configuration, and what has been deployed of it. */
export interface ConfigurationState extends NamesAndIds, DeploymentState {}
