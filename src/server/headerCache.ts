import type { EncodedBody } from './encodedContent.ts';
import type { ServerProfile } from './serverProfile.ts';

const STALE_IF_ERROR_IN_SECONDS = 86_400;
/** A client that asks just as a poll goes out comes back this soon for the result. */
const SOON_IN_SECONDS = 5;

/** What the answers of a handler have in common. */
interface HeaderCacheOptions {
  readonly isPrivate: boolean;
  readonly vary: string;
  readonly pollIntervalInSeconds: number | undefined;
}

/** Status and headers of both answers that a body can give. */
interface PreparedHeaders {
  readonly intervalInSeconds: number;
  readonly leftInSeconds: number;
  readonly whole: { readonly headers: Record<string, string> };
  readonly unchanged: { readonly status: 304; readonly headers: Record<string, string> };
}

/** The headers of answers, made once for each body and second: thousands of requests share them. */
export function createHeaderCache(
  options: HeaderCacheOptions,
): (body: EncodedBody, profile: ServerProfile) => PreparedHeaders {
  const { isPrivate, vary } = options;
  const prepared = new WeakMap<EncodedBody, PreparedHeaders>();

  function prepare(body: EncodedBody, interval: number, left: number): PreparedHeaders {
    const headers = {
      // A browser keeps its own pace; a cache for many asks when there may be something new.
      'Cache-Control': isPrivate
        ? `private, no-cache, max-age=${interval}`
        : `public, max-age=${interval}, s-maxage=${left}, stale-while-revalidate=${interval}, stale-if-error=${STALE_IF_ERROR_IN_SECONDS}`,
      'Configuration-Version': body.version,
      ETag: body.etag,
      Vary: vary,
    };
    return {
      intervalInSeconds: interval,
      leftInSeconds: left,
      unchanged: { status: 304, headers },
      whole: {
        headers: {
          ...headers,
          'Content-Type': body.contentType,
          'Content-Length': `${body.bytes.byteLength}`,
          'X-Content-Type-Options': 'nosniff',
          ...(body.encoding !== 'identity' && { 'Content-Encoding': body.encoding }),
        },
      },
    };
  }

  return (body, profile) => {
    const regular = options.pollIntervalInSeconds ?? profile.pollIntervalInSeconds;
    const interval = profile.isJustPolling ? Math.min(regular, SOON_IN_SECONDS) : regular;
    const left = isPrivate ? interval : Math.max(1, Math.ceil(profile.msUntilNextPoll / 1_000));
    const known = prepared.get(body);
    if (known?.leftInSeconds === left && known.intervalInSeconds === interval) return known;
    const made = prepare(body, interval, left);
    prepared.set(body, made);
    return made;
  };
}
