import type { AppConfigError } from '../errors/index.ts';
import type { ConfigurationSnapshot } from '../session/index.ts';

/** A configuration as a server needs it: to hand on, and to read. */
export interface ServerConfiguration {
  readonly bytes: Uint8Array;
  readonly contentType: string | undefined;
  readonly value: unknown;
  /** Why it can be handed on, and not be read. */
  readonly unreadable: AppConfigError | undefined;
}

/** What a server knows of a profile. */
export type ServerSnapshot = ConfigurationSnapshot<ServerConfiguration>;
