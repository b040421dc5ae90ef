import { isSnapshot, type CachedSnapshot } from '../client/index.ts';
import { isRecord } from '../flags/index.ts';

/** Counts up when what is stored is written in another way: what an older package wrote is thrown away. */
const FORMAT = 1;

/** A configuration as it is stored. */
export interface KeptConfiguration {
  readonly key: readonly unknown[];
  readonly snapshot: CachedSnapshot;
  /** When it was confirmed last, in milliseconds since 1970. */
  readonly confirmedAt: number;
}

/** A configuration by the hash of its query: source, application, environment, profile and evaluation context. */
type KeptEntry = readonly [hash: string, kept: KeptConfiguration];

/** What is stored: configurations, and who wrote them. */
export function writeConfigurations(kept: readonly KeptEntry[], version: string): string {
  return JSON.stringify({ format: FORMAT, version, configurations: kept });
}

/** What is stored, if this package and this version of the app wrote it; without what is older than `notBefore`. */
export function readConfigurations(
  text: string | null | undefined,
  version: string,
  notBefore: number,
): ReadonlyMap<string, KeptConfiguration> {
  const stored = parse(text);
  const isOurs = isRecord(stored) && stored['format'] === FORMAT && stored['version'] === version;
  const configurations: unknown = isOurs && stored['configurations'];
  if (!Array.isArray(configurations)) return new Map();
  return new Map(
    configurations.filter(
      (entry: unknown): entry is KeptEntry =>
        Array.isArray(entry) && isKept(entry[1]) && entry[1].confirmedAt >= notBefore,
    ),
  );
}

function parse(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    // Somebody else has written it.
    return undefined;
  }
}

function isKept(value: unknown): value is KeptConfiguration {
  return (
    isRecord(value) &&
    Array.isArray(value['key']) &&
    isSnapshot(value['snapshot']) &&
    typeof value['confirmedAt'] === 'number'
  );
}
