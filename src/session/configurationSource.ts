import type { AppConfigError } from '../errors/index.ts';

/** What names one configuration: the three identifiers of AWS AppConfig, each an id or a name. */
export interface ConfigurationIdentifiers {
  /** The application, 1 to 128 characters. */
  application: string;
  /** The environment, 1 to 128 characters. */
  environment: string;
  /** The configuration profile, 1 to 128 characters. */
  profile: string;
}

/** For whom feature flags are evaluated, where a source can do that: the AppConfig Agent, not the data API. */
export interface EvaluationContext {
  /**
   * Who asks, at most 2,048 bytes: the same entity keeps its version during a roll-out, and its treatment
   * in an experiment.
   *
   * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-integration-retrieving-feature-flags.html
   */
  readonly entityId?: string | undefined;
  /**
   * What is known of who asks, which the rules of variants look at. Numbers and booleans are sent as their text; what is
   * null or undefined is left out.
   */
  readonly context?:
    Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
}

/** The one question that a {@link ConfigurationSource} answers. */
export interface ConfigurationRequest extends ConfigurationIdentifiers {
  /** Who asks. */
  readonly entityId?: string | undefined;
  /** What is known of who asks, as text. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** The least number of seconds between two polls, 15 to 86,400. */
  requiredMinimumPollIntervalInSeconds?: number | undefined;
  /** The only flags that are asked for, as an experiment's treatments are; all of them without it. */
  flagKeys?: readonly string[] | undefined;
  /** The `nextToken` of the answer before; without one the source begins anew. */
  token?: string | undefined;
}

/** What a {@link ConfigurationSource} answers. */
export interface LatestConfiguration {
  /** The bytes of the configuration; empty when it has not changed since the answer before. */
  configuration: Uint8Array;
  /**
   * What the next request carries: AWS's configuration token, an ETag, a revision, whatever the source
   * needs to know what its client has. An answer without one is refused.
   */
  nextToken: string | undefined;
  /** How many seconds to wait before the next request, 1 to 86,400. An answer without it is refused. */
  nextPollIntervalInSeconds: number | undefined;
  /** The label of the deployed version, if it has one. */
  versionLabel?: string | undefined;
  /** The media type of the bytes. */
  contentType?: string | undefined;
  /** What was wrong although there is an answer, such as an attribute that could not be sent: `onError` hears of it. */
  problem?: AppConfigError | undefined;
}

/**
 * Where configurations come from. A source answers one question and nothing else: it never sends a
 * token twice, and leaves it to the session when to ask. It throws a `RequestError` that says what
 * went wrong; anything else that it throws is taken for a network failure.
 *
 * @example
 * const source: ConfigurationSource = {
 *   name: 'my-endpoint',
 *   async getLatestConfiguration({ profile, token = '' }, signal) {
 *     const response = await fetch(`/config/${profile}`, { signal, headers: { 'If-None-Match': token } });
 *     return {
 *       configuration: new Uint8Array(await response.arrayBuffer()),
 *       contentType: 'application/json',
 *       nextToken: response.headers.get('ETag') ?? token,
 *       nextPollIntervalInSeconds: 60,
 *     };
 *   },
 * };
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-retrieving-the-configuration.html
 */
export interface ConfigurationSource {
  /** Part of the query key: says where the data is from. Sources of different data need different names. */
  readonly name: string;
  /** Whether nobody has chosen the name: the source of a page and that of its server then have different ones. */
  readonly hasDefaultName?: boolean | undefined;
  /**
   * Whether it sends a token of which its name does not say whose it is: its answers may be one person's, and
   * are not shared among tabs.
   */
  readonly isPersonal?: boolean | undefined;
  /** Asks for the newest configuration, or for whether there is a newer one than the token stands for. */
  getLatestConfiguration(
    request: ConfigurationRequest,
    signal: AbortSignal,
  ): Promise<LatestConfiguration>;
  /** What is known without asking, for the first render. */
  initial?(request: ConfigurationRequest): LatestConfiguration | undefined;
  /**
   * Calls back when there is something new before the interval is over. A page subscribes a moment after its first
   * render: a change of that moment is to be told, too. A source that knows what is new may hand it over as a
   * function, which spares a poll; the function throws what that poll would have failed with.
   * @returns a function that ends it
   */
  subscribe?(
    request: ConfigurationRequest,
    onChange: (read?: () => LatestConfiguration) => void,
  ): () => void;
  /** Told that nobody asks this question any more, so that a source may let go of what it holds for it. */
  release?(request: ConfigurationRequest): void;
}
