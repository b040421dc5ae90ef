import { AppConfigError, RequestError, SessionDisposedError } from '../errors/index.ts';
import type { Clock } from './clock.ts';
import type { ConfigurationRequest, ConfigurationSource } from './configurationSource.ts';
import { createTimers } from './timers.ts';
import { toValidAnswer, type ValidAnswer } from './validAnswer.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const DEFAULT_TIMEOUT_MS = 30_000;
const OPERATION = 'GetLatestConfiguration';

/**
 * Asks a source on behalf of a session: every request is bounded in time, fails with nothing but an
 * `AppConfigError`, and ends with the session.
 */
export interface SourceCaller {
  readonly getLatestConfiguration: (request: ConfigurationRequest) => Promise<ValidAnswer>;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly dispose: () => void;
}

/** Makes a {@link SourceCaller}. */
export function createSourceCaller(
  source: ConfigurationSource,
  clock: Clock,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): SourceCaller {
  const timers = createTimers(clock);
  let isDisposed = false;

  return {
    async getLatestConfiguration(request) {
      if (isDisposed) throw new SessionDisposedError();
      const abort = new AbortController();
      let cancel: (() => void) | undefined;
      const timeout = new Promise<never>((_, reject) => {
        cancel = timers.start(timeoutMs, () => {
          const message =
            process.env.NODE_ENV !== 'production' &&
            `${OPERATION} had no answer after ${timeoutMs} ms. Check the network, or raise requestTimeoutMs.`;
          reject(new RequestError('Timeout', message, { operation: OPERATION }));
          abort.abort();
        });
      });
      try {
        const answer = source.getLatestConfiguration(request, abort.signal);
        return toValidAnswer(await Promise.race([answer, timeout]), source.name);
      } catch (thrown) {
        if (thrown instanceof AppConfigError) throw thrown;
        const message =
          process.env.NODE_ENV !== 'production' &&
          `${OPERATION} failed: ${String(thrown)}. The session tries again.`;
        throw new RequestError('NetworkFailure', message, { operation: OPERATION, cause: thrown });
      } finally {
        cancel?.();
      }
    },
    wait: (delayMs) => timers.wait(delayMs),
    dispose() {
      isDisposed = true;
      timers.endAll();
    },
  };
}
