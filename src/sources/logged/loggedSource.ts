import { AppConfigError, InvalidArgumentError } from '../../errors/index.ts';
import {
  assertSource,
  forwardKnown,
  inMicrotask,
  type ConfigurationSource,
} from '../../session/index.ts';

/** Where {@link loggedSource} writes to: `console` is one, and so is every common logger. */
export interface Logger {
  /** What succeeded: a level that browsers show by default. */
  info(message: string): void;
  /** What failed; the session comes back by itself. */
  warn(message: string): void;
}

/**
 * Writes a line about each request to a source: which profile, how long it took, what came, and when
 * the next poll is due. Tokens and contents are not in it.
 *
 * @throws InvalidArgumentError for a source or a logger that is none.
 *
 * @example
 * const source = loggedSource(appConfigDataSource({ region, credentials }), console);
 * // shop/production/flags: new session, version "v7", 1840 bytes, next poll in 60 s (79 ms)
 * // shop/production/flags: unchanged, next poll in 60 s (35 ms)
 */
export function loggedSource(
  source: ConfigurationSource,
  logger: Logger = console,
): ConfigurationSource {
  assertSource(source);
  if (typeof logger.info !== 'function' || typeof logger.warn !== 'function') {
    throw new InvalidArgumentError('logger must have the functions info and warn, as console has.');
  }
  // Later, so that a logger that throws does not lose an answer.
  const write = (level: keyof Logger, line: string) => inMicrotask(() => logger[level](line));
  return {
    ...forwardKnown(source),
    async getLatestConfiguration(request, signal) {
      const profile = `${request.application}/${request.environment}/${request.profile}`;
      const startedAt = performance.now();
      const took = () => `(${Math.round(performance.now() - startedAt)} ms)`;
      try {
        const answer = await source.getLatestConfiguration(request, signal);
        const { configuration, versionLabel, nextPollIntervalInSeconds } = answer;
        const parts = [
          ...(request.token === undefined ? ['new session'] : []),
          ...(versionLabel ? [`version "${versionLabel}"`] : []),
          configuration.byteLength > 0 ? `${configuration.byteLength} bytes` : 'unchanged',
          `next poll in ${nextPollIntervalInSeconds} s`,
        ];
        write('info', `${profile}: ${parts.join(', ')} ${took()}`);
        return answer;
      } catch (error) {
        const reason = error instanceof AppConfigError ? `${error.code}: ${error.message}` : error;
        write('warn', `${profile}: ${String(reason)} ${took()}`);
        throw error;
      }
    },
  };
}
