import type { EmulatorOperation } from '../api/index.ts';

/** Something that goes wrong with an answer. */
export type Fault = {
  /**
   * How many requests it happens to. `Infinity` goes on until `clearFaults()`.
   * @default 1
   */
  times?: number | undefined;
  /**
   * The operation that it happens to.
   * @default all
   */
  operation?: EmulatorOperation | undefined;
  /**
   * How likely it is that it happens to a request, above 0 and up to 1.
   * @default 1
   */
  probability?: number | undefined;
} & (
  | {
      /** An error of the service. */
      kind: 'error';
      /** The HTTP status: 500 and 503 are InternalServerException, 429 is ThrottlingException, 403 AccessDeniedException. */
      status: 403 | 429 | 500 | 503;
      /** Sent as `Retry-After`, in seconds. */
      retryAfterInSeconds?: number | undefined;
    }
  | {
      /** The connection breaks after the request was served: the answer and the next token are lost. */
      kind: 'reset';
    }
  | {
      /** The answer comes late. */
      kind: 'slow';
      delayMs: number;
    }
  | {
      /** The token of a GetLatestConfiguration is refused as expired. */
      kind: 'expired';
    }
  | {
      /** The body is not what was deployed. */
      kind: 'garbage';
    }
  | {
      /** Headers of the answer are replaced, or removed where the value is null. */
      kind: 'headers';
      headers: Readonly<Record<string, string | null>>;
    }
);
