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
  if (!ArrayBuffer.isView(answer?.configuration)) {
    throw invalid(
      sourceName,
      'no bytes',
      process.env.NODE_ENV !== 'production' && 'Check what the source returns.',
    );
  }
  const { nextToken, nextPollIntervalInSeconds: interval } = answer;
  const isInterval = interval !== undefined && interval >= 1 && interval <= MAX_INTERVAL_IN_SECONDS;
  if (nextToken && isInterval) {
    return { ...answer, nextToken, nextPollIntervalInSeconds: interval };
  }
  if (isPage(answer)) {
    throw invalid(
      sourceName,
      'an HTML page',
      process.env.NODE_ENV !== 'production' &&
        'A captive portal, a proxy or a wrong address answered: check the endpoint.',
    );
  }
  if (!nextToken && interval === undefined) {
    throw invalid(
      sourceName,
      'neither a next token nor an interval',
      process.env.NODE_ENV !== 'production' &&
        'Check the endpoint and, in a browser, CORS: Access-Control-Expose-Headers must list Next-Poll-Configuration-Token, Next-Poll-Interval-In-Seconds and Version-Label.',
    );
  }
  throw invalid(
    sourceName,
    nextToken ? `an interval of ${interval} s` : 'no token for the next poll',
    process.env.NODE_ENV !== 'production' && 'Check the endpoint.',
  );
}

function isPage({ contentType = '', configuration }: LatestConfiguration): boolean {
  return HTML_TYPE.test(contentType) || configuration[0] === LESS_THAN;
}

function invalid(
  sourceName: string,
  problem: string,
  whatToDo: string | false,
): InvalidAnswerError {
  return new InvalidAnswerError(
    `The source "${sourceName}" answered with ${problem}. ${whatToDo || ''}`,
  );
}
