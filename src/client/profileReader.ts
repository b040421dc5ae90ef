import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import { findOwn } from '../flags/index.ts';
import type { ConfigurationSource } from '../session/index.ts';
import type { AppConfigClientOptions } from './appConfigClientOptions.ts';
import type { SharedSession } from './sharedSession.ts';

/** The service's default. */
export const DEFAULT_INTERVAL_IN_SECONDS = 60;

/** A client that reads a profile: what it asks for, and what it is told. */
export interface ProfileReader {
  readonly options: AppConfigClientOptions & { readonly profile: string };
  /** Another state is known. */
  readonly onState: () => void;
  /** Called with each failure, perhaps more than once. */
  readonly onError: (error: AppConfigError) => void;
  /** This session is asked from now on; the reader may want to hold it. */
  readonly onSession: (session: SharedSession) => void;
  /** Milliseconds to wait before a session is asked for a render that React may throw away. */
  readonly delayMs: () => number;
}

/** The reader whose session all of them share: the source in use goes on, the smallest interval counts. */
export function chooseReader(
  readers: ReadonlySet<ProfileReader>,
  source: ConfigurationSource | undefined,
): ProfileReader | undefined {
  const inUse = [...readers].filter(({ options }) => options.source === source);
  const [first] = readers;
  // Not toSorted, which Hermes lacks.
  // oxlint-disable-next-line unicorn/no-array-sort -- the array is this function's own
  const [chosen = first] = inUse.sort((a, b) => intervalOf(a) - intervalOf(b));
  return chosen;
}

function intervalOf({ options }: ProfileReader): number {
  return options.requiredMinimumPollIntervalInSeconds ?? DEFAULT_INTERVAL_IN_SECONDS;
}

/** What a profile's content really is, if its reader says so. */
export function decoderOf({ options: { decoders, profile } }: ProfileReader) {
  return findOwn(decoders, profile);
}

/** What two readers of one query cannot both have; the first one's counts. */
export function findConflict(
  used: ProfileReader,
  reader: ProfileReader,
): InvalidArgumentError | undefined {
  const { source, profile } = reader.options;
  const isSameSource = used.options.source === source;
  if (isSameSource && decoderOf(used) === decoderOf(reader)) return undefined;
  return new InvalidArgumentError(
    isSameSource
      ? `Two providers of one query cache decode "${profile}" in different ways; the first one's decoder is used. Make one decoder, outside of components.`
      : `Two sources of one query cache are called "${source.name}"; the first is used. Make one source, outside of components, or give each a name: appConfigDataSource(client, { name }).`,
    { profile },
  );
}
