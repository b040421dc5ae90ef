import { InvalidAnswerError } from '../errors/index.ts';
import { MAX_INTERVAL_IN_SECONDS } from './configurationRequest.ts';
import type { LatestConfiguration } from './configurationSource.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

const HTML_TYPE = /^text\/html/i;
const LESS_THAN = 0x3c;

/** An answer of AWS AppConfig, or of what speaks for it: it carries all that the next poll needs. */
export interface ValidAnswer extends LatestConfiguration {
  nextToken: string;
  nextPollIntervalInSeconds: number;
}

/**
 * Accepts an answer only if it says how to continue: a page of a captive portal or a CDN has status
 * 200 as well, and must never become a configuration.
 *
 * @throws InvalidAnswerError that names what is missing and who may have answered.
 */
export function toValidAnswer(answer: LatestConfiguration, sourceName: string): ValidAnswer {
  const { configuration, nextToken, nextPollIntervalInSeconds: interval = 0 } = answer ?? {};
  const isInterval = interval >= 1 && interval <= MAX_INTERVAL_IN_SECONDS;
  if (ArrayBuffer.isView(configuration) && nextToken && isInterval) {
    return { ...answer, nextToken, nextPollIntervalInSeconds: interval };
  }
  throw new InvalidAnswerError(
    process.env.NODE_ENV !== 'production' &&
      `The source "${sourceName}" answered with ${problemOf(answer)}`,
    { operation: 'GetLatestConfiguration' },
  );
}

function problemOf(answer: LatestConfiguration): string {
  if (!ArrayBuffer.isView(answer?.configuration)) return 'no bytes. Check what the source returns.';
  if (isPage(answer)) {
    return 'an HTML page. A captive portal, a proxy or a wrong address answered: check the endpoint.';
  }
  const { nextToken, nextPollIntervalInSeconds: interval } = answer;
  if (!nextToken && interval === undefined) {
    return 'neither a next token nor an interval. Check the endpoint and, in a browser, CORS: Access-Control-Expose-Headers must list Next-Poll-Configuration-Token, Next-Poll-Interval-In-Seconds and Version-Label.';
  }
  const problem = nextToken ? `an interval of ${interval} s` : 'no token for the next poll';
  return `${problem}. Check the endpoint.`;
}

function isPage({ contentType = '', configuration }: LatestConfiguration): boolean {
  return HTML_TYPE.test(contentType) || configuration[0] === LESS_THAN;
}
