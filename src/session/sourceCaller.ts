import {
  AppConfigError,
  InvalidAnswerError,
  RequestError,
  SessionDisposedError,
  type AppConfigOperation,
} from '../errors/index.ts';
import type { Clock } from './clock.ts';
import type {
  ConfigurationSource,
  LatestConfiguration,
  StartConfigurationSessionInput,
} from './configurationSource.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

/** Names an answer that breaks the protocol. */
export function invalidAnswer(source: ConfigurationSource, problem: string): InvalidAnswerError {
  return new InvalidAnswerError(
    `The source "${source.name}" answered with ${problem}. Check what answers at its endpoint.`,
  );
}

/**
 * Calls a source on behalf of a session: every call is bounded in time, fails with nothing but an
 * `AppConfigError`, and ends with the session.
 */
export interface SourceCaller {
  readonly startConfigurationSession: (input: StartConfigurationSessionInput) => Promise<string>;
  readonly getLatestConfiguration: (configurationToken: string) => Promise<LatestConfiguration>;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly dispose: () => void;
}

/** Makes a {@link SourceCaller}. */
export function createSourceCaller(
  source: ConfigurationSource,
  clock: Clock,
  timeoutMs = DEFAULT_TIMEOUT_MS,
): SourceCaller {
  const deadlines = new Set<() => void>();
  let isDisposed = false;

  /** Calls back after a delay, or at once when the session ends; returns a function that calls it off. */
  function after(delayMs: number, callback: () => void): () => void {
    const run = () => {
      callOff();
      callback();
    };
    const cancel = clock.schedule(run, delayMs);
    const callOff = () => {
      cancel();
      deadlines.delete(run);
    };
    deadlines.add(run);
    return callOff;
  }

  async function call<Answer>(
    operation: AppConfigOperation,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    if (isDisposed) throw new SessionDisposedError();
    const abort = new AbortController();
    let callOff: (() => void) | undefined;
    const timeout = new Promise<never>((_, reject) => {
      callOff = after(timeoutMs, () => {
        const message = `${operation} had no answer after ${timeoutMs} ms. Check the network, or raise requestTimeoutMs.`;
        reject(new RequestError('Timeout', message, { operation }));
        abort.abort();
      });
    });
    try {
      return await Promise.race([send(abort.signal), timeout]);
    } catch (thrown) {
      if (thrown instanceof AppConfigError) throw thrown;
      const message = `${operation} failed: ${String(thrown)}. The session tries again.`;
      throw new RequestError('NetworkFailure', message, { operation, cause: thrown });
    } finally {
      callOff?.();
    }
  }

  return {
    async startConfigurationSession(input) {
      const token = await call('StartConfigurationSession', (signal) =>
        source.startConfigurationSession(input, signal),
      );
      if (token) return token;
      throw invalidAnswer(source, 'no token for a new session');
    },
    async getLatestConfiguration(configurationToken) {
      const answer = await call('GetLatestConfiguration', (signal) =>
        source.getLatestConfiguration(configurationToken, signal),
      );
      if (ArrayBuffer.isView(answer?.configuration)) return answer;
      throw invalidAnswer(source, 'no bytes');
    },
    wait: (delayMs) =>
      new Promise((resolve) => {
        after(delayMs, resolve);
      }),
    dispose() {
      isDisposed = true;
      for (const run of deadlines) run();
    },
  };
}
