import {
  OpenFeatureEventEmitter,
  ProviderEvents,
  type EvaluationContext as OpenFeatureContext,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
} from '@openfeature/web-sdk';
import type { AppConfigClient, AppConfigProfile, FlagsProfileName } from '../client/index.ts';
import { evaluateFlags, isRecord, type UntypedFeatureFlags } from '../flags/index.ts';
import type { EvaluationContext } from '../session/index.ts';
import { findChanged } from './findChanged.ts';
import { resolveFlag, type ValueType } from './resolveFlag.ts';
import { toAudience } from './toAudience.ts';

/** What may be set for an {@link OpenFeatureAppConfigProvider}. */
export interface OpenFeatureAppConfigProviderOptions {
  /**
   * The profile with the flags.
   * @default the client's `flags`
   */
  profile?: FlagsProfileName | undefined;
  /**
   * For whom AWS AppConfig evaluates, by OpenFeature's context. `() => ({})` sends nothing, as
   * `appConfigDataSource` needs it: AWS's data API does not evaluate for anybody.
   * @default `targetingKey` is the entity; texts, numbers, booleans and dates are the context
   */
  toEvaluationContext?: ((context: OpenFeatureContext) => EvaluationContext) | undefined;
}

/**
 * AWS AppConfig as a provider of OpenFeature for the web, over a client that React may use at the same time:
 * one session and one poller for both. A flag is a boolean or, with its attributes, an object; `flag.attribute`
 * is the value of one attribute.
 *
 * @throws InvalidArgumentError where neither the client nor the options name a profile with flags.
 * @example
 * const client = new AppConfigClient({ application: 'shop', environment: 'production', source, flags: 'flags' });
 * await OpenFeature.setProviderAndWait(new OpenFeatureAppConfigProvider(client));
 * OpenFeature.getClient().getNumberValue('new-checkout.maxItems', 10);
 *
 * @see https://openfeature.dev/specification/sections/providers
 */
export class OpenFeatureAppConfigProvider implements Provider {
  readonly metadata = { name: 'AWS AppConfig' };
  readonly runsOn = 'client';
  readonly events = new OpenFeatureEventEmitter();
  readonly #client: AppConfigClient;
  readonly #profile: AppConfigProfile<FlagsProfileName>;
  readonly #toEvaluationContext: (context: OpenFeatureContext) => EvaluationContext;
  /** What OpenFeature was told last; undefined until the first poll is over. */
  #status: 'ready' | 'stale' | 'error' | undefined;
  #flags: UntypedFeatureFlags = {};
  readonly #waiting = new Set<() => void>();
  #stop: (() => void) | undefined;

  constructor(
    client: AppConfigClient,
    { profile, toEvaluationContext = toAudience }: OpenFeatureAppConfigProviderOptions = {},
  ) {
    this.#client = client;
    this.#profile = client.profile(profile);
    this.#toEvaluationContext = toEvaluationContext;
  }

  /** Begins to poll, and waits until something is known. @throws AppConfigError of the first poll. */
  async initialize(context: OpenFeatureContext = {}): Promise<void> {
    // Without a context, the client keeps the one that it was made with.
    if (Object.keys(context).length > 0) this.#setContext(context);
    if (!this.#stop) {
      const unmount = this.#client.mount();
      const unsubscribe = this.#profile.subscribe(this.#tell);
      this.#stop = () => {
        unsubscribe();
        unmount();
      };
    }
    await this.#settle();
  }

  async onContextChange(_before: OpenFeatureContext, context: OpenFeatureContext): Promise<void> {
    this.#setContext(context);
    await this.#settle();
  }

  /** Ends polling, unless React goes on with it. */
  async onClose(): Promise<void> {
    this.#stop?.();
    this.#stop = undefined;
    this.#endWaiting();
  }

  resolveBooleanEvaluation(flagKey: string, defaultValue: boolean): ResolutionDetails<boolean> {
    return this.#resolve(flagKey, defaultValue, 'boolean', (value) => typeof value === 'boolean');
  }

  resolveStringEvaluation(flagKey: string, defaultValue: string): ResolutionDetails<string> {
    return this.#resolve(flagKey, defaultValue, 'string', (value) => typeof value === 'string');
  }

  resolveNumberEvaluation(flagKey: string, defaultValue: number): ResolutionDetails<number> {
    return this.#resolve(flagKey, defaultValue, 'number', (value) => typeof value === 'number');
  }

  resolveObjectEvaluation<Value extends JsonValue>(
    flagKey: string,
    defaultValue: Value,
  ): ResolutionDetails<Value> {
    return this.#resolve(
      flagKey,
      defaultValue,
      'object',
      // As in every provider, what stands in the service is for the app to check.
      (value): value is Value => isRecord(value) || Array.isArray(value),
    );
  }

  #resolve<Value extends JsonValue>(
    flagKey: string,
    defaultValue: Value,
    type: ValueType,
    isValue: (value: unknown) => value is Value,
  ): ResolutionDetails<Value> {
    return resolveFlag(this.#profile.flags, flagKey, defaultValue, type, isValue);
  }

  #setContext(context: OpenFeatureContext): void {
    this.#client.setEvaluationContext(this.#toEvaluationContext(context));
  }

  /** Waits until the first poll for this audience is over. @throws AppConfigError if that poll failed. */
  async #settle(): Promise<void> {
    if (!this.#isSettled()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    const { flags: known, isKept } = this.#profile;
    this.#flags = evaluateFlags(known);
    const failure = known.loaded && !isKept ? undefined : known.error;
    this.#status = failure ? 'error' : 'ready';
    if (failure) throw failure;
  }

  #isSettled(): boolean {
    const { flags, isKept } = this.#profile;
    return flags.isSettled && (!isKept || flags.error !== undefined);
  }

  readonly #tell = (): void => {
    if (this.#isSettled()) this.#endWaiting();
    // Until then, OpenFeature itself says that it waits.
    if (this.#status === undefined || this.#profile.isKept) return;
    const known = this.#profile.flags;
    const flags = evaluateFlags(known);
    const flagsChanged = findChanged(this.#flags, flags);
    this.#flags = flags;
    if (flagsChanged.length > 0) {
      this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged });
    }
    const status = known.loaded ? (known.isStale ? 'stale' : 'ready') : 'error';
    if (status === this.#status) return;
    this.#status = status;
    this.events.emit(EVENTS[status], known.error && { message: known.error.message });
  };

  #endWaiting(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const EVENTS = {
  ready: ProviderEvents.Ready,
  stale: ProviderEvents.Stale,
  error: ProviderEvents.Error,
} as const;
