import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import type { Clock } from '../session/index.ts';
import { pickAllowedContent, type AnyAllowance } from './allowed.ts';
import { encodeContent, type EncodedContent } from './encodedContent.ts';
import type { ServerSnapshot } from './serverSnapshot.ts';
import { UnderWay } from './underWay.ts';

/** Encoding that takes longer has been lost with its platform's request. */
const MAX_ENCODING_MS = 10_000;

/** What {@link EncodedVersions} are made of. */
export interface EncodedVersionsOptions {
  readonly allowance: AnyAllowance;
  /** The only flags that are wanted; none for all. */
  readonly flagKeys: readonly string[];
  /** What is worth a compression. */
  readonly encodings: readonly ('br' | 'gzip')[];
  readonly report: (error: AppConfigError) => void;
  readonly clock: Clock;
}

/**
 * What may leave the server, encoded once a version for all who have it; undefined if a flag is wanted that does not
 * exist.
 */
export interface EncodedVersions {
  /** What is there already; undefined where the version is not encoded yet. */
  readonly find: (
    snapshot: ServerSnapshot,
  ) => { readonly content: EncodedContent | undefined } | undefined;
  /** @throws AppConfigError, as a rejection, that has been reported. */
  readonly encode: (snapshot: ServerSnapshot) => Promise<EncodedContent | undefined>;
}

/** Makes {@link EncodedVersions}. */
export function createEncodedVersions(options: EncodedVersionsOptions): EncodedVersions {
  const { allowance, flagKeys, encodings, report, clock } = options;
  const encoded = new WeakMap<ServerSnapshot, { readonly content: EncodedContent | undefined }>();
  const encoding = new WeakMap<ServerSnapshot, UnderWay<EncodedContent | undefined>>();
  /** The message of the last failure. */
  let reported: string | undefined;

  async function encodeNow(snapshot: ServerSnapshot): Promise<EncodedContent | undefined> {
    try {
      const allowed = pickAllowedContent(snapshot.value, allowance, flagKeys);
      const content = allowed && (await encodeContent(allowed, snapshot.versionLabel, encodings));
      encoded.set(snapshot, { content });
      reported = undefined;
      return content;
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'InvalidArgument', 'allow');
      if (reported !== error.message) report(error);
      reported = error.message;
      throw error;
    }
  }

  return {
    find: (snapshot) => encoded.get(snapshot),
    encode(snapshot) {
      const known = encoded.get(snapshot);
      if (known) return Promise.resolve(known.content);
      const before = encoding.get(snapshot);
      if (before && before.ageMs < MAX_ENCODING_MS) return before.result;
      const underWay = new UnderWay(clock, encodeNow(snapshot));
      encoding.set(snapshot, underWay);
      // Whatever was wrong may be over at the next question.
      underWay.result.catch(() => encoding.delete(snapshot));
      return underWay.result;
    },
  };
}
