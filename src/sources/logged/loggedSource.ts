import { AppConfigError } from '../../errors/index.ts';
import type { ConfigurationSource } from '../../session/index.ts';

/** Where {@link loggedSource} writes to: `console` is one, and so is every common logger. */
export interface Logger {
  /** What went as it should. */
  debug(message: string): void;
  /** What failed; the session comes back by itself. */
  warn(message: string): void;
}

/**
 * Writes a line about each call of a source: which profile, how long it took, what came, and when the
 * next poll is due. Tokens and contents are not in it. Without it, this package logs nothing.
 *
 * @example
 * const source = loggedSource(appConfigDataSource({ region, credentials }), console);
 * // shop/production/flags: session started (41 ms)
 * // shop/production/flags: version "v7", 1840 bytes, next poll in 60 s (38 ms)
 * // shop/production/flags: unchanged, next poll in 60 s (35 ms)
 */
export function loggedSource(source: ConfigurationSource, logger: Logger): ConfigurationSource {
  /** Which profile each unspent token is for. */
  const profiles = new Map<string, string>();

  async function logged<Answer>(
    profile: string,
    call: () => Promise<Answer>,
    describe: (answer: Answer) => string,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const took = () => `(${Math.round(performance.now() - startedAt)} ms)`;
    try {
      const answer = await call();
      logger.debug(`${profile}: ${describe(answer)} ${took()}`);
      return answer;
    } catch (error) {
      const reason = error instanceof AppConfigError ? `${error.code}: ${error.message}` : error;
      logger.warn(`${profile}: ${String(reason)} ${took()}`);
      throw error;
    }
  }

  return {
    name: source.name,
    async startConfigurationSession(input, signal) {
      const profile = `${input.application}/${input.environment}/${input.profile}`;
      const token = await logged(
        profile,
        () => source.startConfigurationSession(input, signal),
        () => 'session started',
      );
      if (token) profiles.set(token, profile);
      return token;
    },
    async getLatestConfiguration(token, signal) {
      const profile = profiles.get(token) ?? source.name;
      profiles.delete(token);
      const answer = await logged(
        profile,
        () => source.getLatestConfiguration(token, signal),
        ({ configuration: { byteLength }, versionLabel, nextPollIntervalInSeconds: seconds }) => {
          const version = versionLabel ? `version "${versionLabel}", ` : '';
          const content = byteLength > 0 ? `${version}${byteLength} bytes` : 'unchanged';
          return `${content}, next poll in ${seconds} s`;
        },
      );
      const next = answer.nextPollConfigurationToken;
      if (next) profiles.set(next, profile);
      return answer;
    },
  };
}
