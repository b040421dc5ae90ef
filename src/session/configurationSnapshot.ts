import type { AppConfigError } from '../errors/index.ts';
import type { Clock } from './clock.ts';
import type { ConfigurationRequestOptions } from './configurationRequest.ts';
import type { ConfigurationSource } from './configurationSource.ts';

/** Bytes and their media type, as a source delivered them. */
export interface ConfigurationContent {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
}

/** A configuration that could be decoded. */
export interface ConfigurationSnapshot<T> {
  readonly value: T;
  readonly versionLabel: string | undefined;
  readonly contentType: string | undefined;
}

/** What a `ConfigurationSession` is made of. */
export interface ConfigurationSessionOptions<T> extends ConfigurationRequestOptions {
  source: ConfigurationSource;
  /**
   * Turns content into the value that the session hands out; may throw, which keeps the last good value.
   * Returning the previous value means that nothing changed.
   */
  decode: (content: ConfigurationContent, previous: T | undefined) => T;
  /**
   * Milliseconds after which an unanswered request counts as failed.
   * @default 30000
   */
  requestTimeoutMs?: number | undefined;
  /** Called once for each failure, while the session goes on by itself. */
  onError?: ((error: AppConfigError) => void) | undefined;
  /** @default the machine's time */
  clock?: Clock | undefined;
  /**
   * Numbers from 0 to 1 for the jitter.
   * @default Math.random
   */
  random?: (() => number) | undefined;
}
