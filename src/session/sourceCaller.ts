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

/** What to do about an answer that breaks the protocol. */
export const CHECK_ENDPOINT = 'Check what answers at its endpoint.';

/**
 * Calls a source on behalf of a session: every call is bounded in time, fails with nothing but an
 * `AppConfigError`, and ends with the session.
 */
export class SourceCaller {
  readonly #source: ConfigurationSource;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #deadlines = new Set<() => void>();
  #disposed = false;

  constructor(source: ConfigurationSource, clock: Clock, timeoutMs: number) {
    this.#source = source;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  async startConfigurationSession(input: StartConfigurationSessionInput): Promise<string> {
    const token = await this.#call('StartConfigurationSession', (signal) =>
      this.#source.startConfigurationSession(input, signal),
    );
    if (token) return token;
    throw new InvalidAnswerError(
      `The source "${this.#source.name}" started a session without a token. ${CHECK_ENDPOINT}`,
    );
  }

  async getLatestConfiguration(configurationToken: string): Promise<LatestConfiguration> {
    const answer = await this.#call('GetLatestConfiguration', (signal) =>
      this.#source.getLatestConfiguration(configurationToken, signal),
    );
    if (ArrayBuffer.isView(answer?.configuration)) return answer;
    throw new InvalidAnswerError(
      `The source "${this.#source.name}" answered without bytes. ${CHECK_ENDPOINT}`,
    );
  }

  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#after(delayMs, resolve);
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const run of this.#deadlines) run();
  }

  async #call<Answer>(
    operation: AppConfigOperation,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#disposed) throw new SessionDisposedError();
    const abort = new AbortController();
    let callOff: (() => void) | undefined;
    const timeout = new Promise<never>((_, reject) => {
      callOff = this.#after(this.#timeoutMs, () => {
        const message = `${operation} had no answer after ${this.#timeoutMs} ms. Check the network, or raise requestTimeoutMs.`;
        reject(new RequestError('Timeout', message, { operation }));
        abort.abort();
      });
    });
    try {
      const answer = await Promise.race([send(abort.signal), timeout]);
      if (this.#disposed) throw new SessionDisposedError();
      return answer;
    } catch (thrown) {
      if (this.#disposed) throw new SessionDisposedError();
      if (thrown instanceof AppConfigError) throw thrown;
      const message = `${operation} failed: ${String(thrown)}. The session tries again by itself.`;
      throw new RequestError('NetworkFailure', message, { operation, cause: thrown });
    } finally {
      callOff?.();
    }
  }

  /** Calls back after a delay, or at once when the session ends; returns a function that calls it off. */
  #after(delayMs: number, callback: () => void): () => void {
    const run = () => {
      callOff();
      callback();
    };
    const cancel = this.#clock.schedule(run, delayMs);
    const callOff = () => {
      cancel();
      this.#deadlines.delete(run);
    };
    this.#deadlines.add(run);
    return callOff;
  }
}
