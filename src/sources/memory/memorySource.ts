import { RequestError } from '../../errors/index.ts';
import {
  inMicrotask,
  type ConfigurationRequest,
  type ConfigurationSource,
  type LatestConfiguration,
} from '../../session/index.ts';

const DEFAULT_INTERVAL_IN_SECONDS = 60;

/** What may be set for {@link memorySource}. */
export interface MemorySourceOptions {
  /**
   * Part of the query key: two memories that one query cache sees need two names.
   * @default 'memory'
   */
  name?: string | undefined;
  /**
   * Seconds between two polls. What is `set` arrives at once.
   * @default 60
   */
  pollIntervalInSeconds?: number | undefined;
}

/** A source whose documents are objects of this page or process. */
export interface MemorySource extends ConfigurationSource {
  /** Deploys a document: whoever reads the profile sees it at once. */
  set(profile: string, document: unknown): void;
}

/**
 * Configurations from memory, for tests, stories and offline demos: right at the first render, with no
 * request. Strings are delivered as text, bytes as bytes, anything else as JSON.
 *
 * @example
 * const source = memorySource({ flags: { 'dark-mode': { enabled: true } } });
 * source.set('flags', { 'dark-mode': { enabled: false } });
 */
export function memorySource(
  documents: Readonly<Record<string, unknown>>,
  {
    name = 'memory',
    pollIntervalInSeconds = DEFAULT_INTERVAL_IN_SECONDS,
  }: MemorySourceOptions = {},
): MemorySource {
  const deployed = new Map(
    Object.entries(documents).map(([profile, document]) => [profile, { document, version: 1 }]),
  );
  const listeners = new Map<string, Set<() => void>>();

  function read({ profile, token }: ConfigurationRequest): LatestConfiguration | undefined {
    const found = deployed.get(profile);
    if (!found) return undefined;
    const versionLabel = String(found.version);
    const content = token === versionLabel ? { bytes: new Uint8Array() } : encode(found.document);
    return {
      configuration: content.bytes,
      contentType: content.contentType,
      nextToken: versionLabel,
      nextPollIntervalInSeconds: pollIntervalInSeconds,
      versionLabel,
    };
  }

  return {
    name,
    initial: read,
    async getLatestConfiguration(request) {
      const found = read(request);
      if (found) return found;
      throw new RequestError(
        'ResourceNotFound',
        `The memory has no profile "${request.profile}". Give memorySource a document for it.`,
        { operation: 'GetLatestConfiguration' },
      );
    },
    subscribe({ profile }, onChange) {
      const ofProfile = listeners.get(profile) ?? new Set();
      listeners.set(profile, ofProfile.add(onChange));
      // What was set between a first render and its effects must not wait for the next poll.
      const wasSet = (deployed.get(profile)?.version ?? 0) > 1;
      if (wasSet) inMicrotask(() => ofProfile.has(onChange) && onChange());
      return () => ofProfile.delete(onChange);
    },
    set(profile, document) {
      deployed.set(profile, { document, version: (deployed.get(profile)?.version ?? 0) + 1 });
      for (const onChange of listeners.get(profile) ?? []) onChange();
    },
  };
}

function encode(document: unknown): { bytes: Uint8Array; contentType?: string } {
  // Not instanceof: in jest's jsdom, bytes come from another realm.
  if (ArrayBuffer.isView(document)) {
    const bytes = new Uint8Array(document.buffer, document.byteOffset, document.byteLength);
    return { bytes, contentType: 'application/octet-stream' };
  }
  const [text, contentType] =
    typeof document === 'string'
      ? [document, 'text/plain']
      : [JSON.stringify(document) ?? 'null', 'application/json'];
  return { bytes: encodeUtf8(text), contentType };
}

function encodeUtf8(text: string): Uint8Array {
  if (typeof TextEncoder === 'function') return new TextEncoder().encode(text);
  // jest's jsdom has none. The language itself can encode.
  const bytes = encodeURIComponent(text).match(/%..|./g) ?? [];
  return Uint8Array.from(bytes, (byte) =>
    byte.length > 1 ? Number.parseInt(byte.slice(1), 16) : byte.charCodeAt(0),
  );
}
