import { decodeText } from '../../configuration/index.ts';
import { InvalidArgumentError } from '../../errors/index.ts';
import {
  assertSource,
  forwardKnown,
  type ConfigurationRequest,
  type ConfigurationSource,
  type LatestConfiguration,
} from '../../session/index.ts';
import type { AgentSource } from './createAgentSource.ts';

/** Between the tokens of two answers; no header holds it. */
const SEPARATOR = '\n';

/**
 * Lets the provider's `entityId` take part in experiments. The AppConfig Agent assigns treatments only if
 * the flag is asked for by name, so this asks for the flags by name as well, and puts each treatment in the
 * place of its flag before anybody sees it.
 *
 * @param flagKeys the flags that may be part of experiments, or `'all'`; each answer is an assignment, which
 * the Agent counts.
 *
 * @throws InvalidArgumentError for a source or flags that are none.
 *
 * @example
 * const source = experimentSource(agentSource({ endpoint: '/flags' }), ['new-checkout']);
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-experimentation.html
 */
export function experimentSource(
  source: ConfigurationSource,
  flagKeys: readonly string[] | 'all',
): AgentSource {
  assertSource(source);
  if (flagKeys !== 'all' && !Array.isArray(flagKeys)) {
    throw new InvalidArgumentError(
      "flagKeys must be a list of flags, such as ['new-checkout'], or 'all'.",
    );
  }
  /** The last document for each question as it was deployed, which the next treatments are put into. */
  const documents = new Map<
    string,
    {
      readonly token: string;
      readonly answer: LatestConfiguration;
      /** The flags whose treatments were asked for. */
      readonly wanted: readonly string[];
    }
  >();

  async function getWithTreatments(
    { token, ...request }: ConfigurationRequest,
    signal: AbortSignal,
  ): Promise<LatestConfiguration> {
    const [documentToken = '', treatmentToken] = token?.split(SEPARATOR) ?? [];
    const question = questionOf(request);
    const known = documents.get(question);
    const isKnown = known !== undefined && known.token === documentToken;
    const answer = await source.getLatestConfiguration(
      { ...request, token: isKnown ? documentToken : undefined },
      signal,
    );
    const isUnchanged = isKnown && answer.configuration.byteLength === 0;
    const { configuration, versionLabel, contentType } = isUnchanged ? known.answer : answer;
    const document = { ...answer, configuration, versionLabel, contentType };
    const wanted = Object.keys(readObject(configuration)).filter(
      (key) => flagKeys === 'all' || flagKeys.includes(key),
    );
    if (answer.nextToken) {
      documents.set(question, { token: answer.nextToken, answer: document, wanted });
    }
    if (wanted.length === 0) return document;
    const treatments = await source.getLatestConfiguration(
      { ...request, flagKeys: wanted, token: isUnchanged ? treatmentToken : undefined },
      signal,
    );
    // An answer without a token is none: the session refuses it.
    const nextToken =
      answer.nextToken &&
      treatments.nextToken &&
      answer.nextToken + SEPARATOR + treatments.nextToken;
    const areUnchanged = isUnchanged && treatments.configuration.byteLength === 0;
    return {
      ...document,
      nextToken,
      configuration: areUnchanged
        ? new Uint8Array()
        : merge(configuration, treatments.configuration),
    };
  }

  // Not what is known at first: there are no treatments in it.
  const { initial: _initial, release, ...known } = forwardKnown(source);
  return {
    ...known,
    release(request) {
      const question = questionOf(request);
      const { wanted } = documents.get(question) ?? {};
      documents.delete(question);
      release?.(request);
      if (wanted) release?.({ ...request, flagKeys: wanted });
    },
    getLatestConfiguration: (request, signal) =>
      request.entityId === undefined || request.flagKeys
        ? source.getLatestConfiguration(request, signal)
        : getWithTreatments(request, signal),
  };
}

/** Every mark that an answer depends on: two people may have one token for two documents. */
function questionOf({ token: _token, ...request }: ConfigurationRequest): string {
  const { application, environment, profile, entityId, context = {} } = request;
  return JSON.stringify([application, environment, profile, entityId, Object.entries(context)]);
}

function merge(document: Uint8Array, treatments: Uint8Array): Uint8Array {
  const flags = Object.entries(readObject(document)).concat(Object.entries(readObject(treatments)));
  // Any key is data, `__proto__` too.
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(flags)));
}

/** Empty if it is not an object: such a document has no experiments, and is reported elsewhere. */
function readObject(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(decodeText(bytes, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}
