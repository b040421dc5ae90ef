import type { ConfigurationName } from '../deployments/index.ts';
import type { ServiceError } from './serviceError.ts';
import type { TokenParts } from './tokens.ts';

/**
 * What a request asks for, by AWS's names: the two operations of the data API, and
 * `GetConfiguration`, the route of the AppConfig Agent.
 */
export type EmulatorOperation =
  'StartConfigurationSession' | 'GetLatestConfiguration' | 'GetConfiguration';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Their names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  // Not Uint8Array<ArrayBuffer>, which TypeScript before 5.7 cannot read.
  readonly body: string | (Uint8Array & { readonly buffer: ArrayBuffer }) | null;
}

/** An answer, and what is worth remembering of it. */
export interface EmulatorAnswer {
  readonly answer: WireAnswer;
  readonly configuration?: string | undefined;
  readonly nextToken?: string | undefined;
  readonly contentBytes?: number | undefined;
  readonly version?: string | undefined;
}

/** A request that was understood well enough to be answered. */
export interface EmulatorCall {
  readonly operation: EmulatorOperation;
  readonly token?: TokenParts | undefined;
  readonly configuration?: string | undefined;
  /** Answers the request, as it stands. @throws ServiceError */
  readonly answer: () => Promise<EmulatorAnswer>;
  /** How an error of this call goes over the wire. */
  readonly refuse: (error: ServiceError) => WireAnswer;
}

/** A configuration's name as people read it. */
export function readableName({ application, environment, profile }: ConfigurationName): string {
  return `${application}/${environment}/${profile}`;
}
