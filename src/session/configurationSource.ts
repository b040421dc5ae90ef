/** What names one configuration: the three identifiers of AWS AppConfig, each an id or a name. */
export interface ConfigurationIdentifiers {
  /** 1 to 128 characters. */
  application: string;
  /** 1 to 128 characters. */
  environment: string;
  /** 1 to 128 characters. */
  profile: string;
}

/** The parameters of a StartConfigurationSession call. */
export interface StartConfigurationSessionInput extends ConfigurationIdentifiers {
  /** The least number of seconds between two polls, 15 to 86,400. */
  requiredMinimumPollIntervalInSeconds?: number | undefined;
}

/** The answer to a GetLatestConfiguration call. */
export interface LatestConfiguration {
  /** The bytes of the configuration; empty when it has not changed since this session's last answer. */
  configuration: Uint8Array;
  /** The token for the next call. */
  nextPollConfigurationToken: string | undefined;
  /** How many seconds to wait before the next call. */
  nextPollIntervalInSeconds: number | undefined;
  /** The label of the deployed version, if it has one. */
  versionLabel?: string | undefined;
  /** The media type of the bytes. */
  contentType?: string | undefined;
}

/**
 * Where configurations come from. A source makes the two calls of the data plane and nothing else:
 * it keeps no token and never sends a request twice. It throws a `RequestError` that says what went
 * wrong; anything else that it throws is taken for a network failure.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-retrieving-the-configuration.html
 */
export interface ConfigurationSource {
  /** Part of the query key: two sources that hold different configurations need different names. */
  readonly name: string;
  /** Starts a session and resolves with its first token. */
  startConfigurationSession(
    input: StartConfigurationSessionInput,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Spends a token. The token must go out at most once, whatever happens. */
  getLatestConfiguration(
    configurationToken: string,
    signal: AbortSignal,
  ): Promise<LatestConfiguration>;
}
