import { AppConfigError } from '../../errors/index.ts';
import type { ConfigurationSource } from '../../session/index.ts';

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
 * @example
 * const source = loggedSource(appConfigDataSource({ region, credentials }), console);
 * // shop/production/flags: new session, version "v7", 1840 bytes, next poll in 60 s (79 ms)
 * // shop/production/flags: unchanged, next poll in 60 s (35 ms)
 */
export function loggedSource(source: ConfigurationSource, logger: Logger): ConfigurationSource {
  return {
    name: source.name,
    ...(source.initial && { initial: (request) => source.initial?.(request) }),
    ...(source.subscribe && {
      subscribe: (request, onChange) => source.subscribe?.(request, onChange) ?? (() => undefined),
    }),
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
        logger.info(`${profile}: ${parts.join(', ')} ${took()}`);
        return answer;
      } catch (error) {
        const reason = error instanceof AppConfigError ? `${error.code}: ${error.message}` : error;
        logger.warn(`${profile}: ${String(reason)} ${took()}`);
        throw error;
      }
    },
  };
}
