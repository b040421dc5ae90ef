import {
  RequestError,
  type AppConfigOperation,
  type RequestErrorCode,
} from '../../errors/index.ts';

/** A configuration as the leader hands it to the other tabs. No token is in it. */
export interface SharedConfiguration {
  /** Identifies the content: other content has another revision. */
  readonly revision: string;
  /** The bytes; undefined for a tab that has this revision. */
  readonly bytes: Uint8Array | undefined;
  readonly contentType: string | undefined;
  readonly versionLabel: string | undefined;
  /** Milliseconds until the leader may poll again. */
  readonly msUntilNextPoll: number;
}

/** A failed poll of the leader, as far as it can be told in a message. */
export interface SharedFailure {
  readonly code: RequestErrorCode;
  readonly message: string;
  readonly operation: AppConfigOperation;
  readonly retryAfterInSeconds: number;
  readonly wasSent: boolean;
}

/** What tabs tell each other. */
export type TabMessage =
  | { readonly kind: 'ask'; readonly id: string; readonly revision: string }
  | { readonly kind: 'heard'; readonly id: string }
  | { readonly kind: 'answer'; readonly id: string; readonly configuration: SharedConfiguration }
  | { readonly kind: 'failure'; readonly id: string; readonly failure: SharedFailure }
  | { readonly kind: 'leading' }
  | { readonly kind: 'changed' };

/** The failure as a session wants it. */
export function toRequestError({ code, message, ...options }: SharedFailure): RequestError {
  return new RequestError(code, message, options);
}

/** What can be told of an error that ended the leader's poll. */
export function toSharedFailure(error: unknown, msUntilNextPoll: number): SharedFailure {
  const { code, operation, wasSent }: Partial<RequestError> =
    error instanceof RequestError ? error : {};
  return {
    code: code ?? 'ServiceFailure',
    message: error instanceof Error ? error.message : String(error),
    operation: operation ?? 'GetLatestConfiguration',
    retryAfterInSeconds: Math.ceil(msUntilNextPoll / 1_000),
    wasSent: wasSent ?? true,
  };
}
