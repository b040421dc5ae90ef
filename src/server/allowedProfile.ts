import type { EncodedContent } from './encodedContent.ts';
import type { EncodedVersions } from './encodedVersions.ts';
import type { ServerProfile } from './serverProfile.ts';
import type { ServerSnapshot } from './serverSnapshot.ts';
import type { WaitUntil } from './waitUntil.ts';

/** The part of a profile that may leave the server. */
export class AllowedProfile {
  readonly profile: ServerProfile;
  readonly #versions: EncodedVersions;
  /** The newest that is encoded. */
  #ready:
    { readonly snapshot: ServerSnapshot; readonly content: EncodedContent | undefined } | undefined;

  constructor(profile: ServerProfile, versions: EncodedVersions) {
    this.profile = profile;
    this.#versions = versions;
  }

  /**
   * What may leave, if it is ready. While a new version is being encoded, it is the previous one. Starts what
   * is due, without waiting for it.
   */
  peek(waitUntil?: WaitUntil): EncodedContent | undefined {
    const snapshot = this.profile.peek(waitUntil, this.#versions.encode);
    if (!snapshot) return undefined;
    if (this.#ready?.snapshot !== snapshot) {
      const found = this.#versions.find(snapshot);
      if (found) this.#ready = { snapshot, ...found };
      else if (this.#ready) {
        // A failure has been reported.
        const encoding = this.#versions.encode(snapshot).catch(() => {});
        waitUntil?.(encoding);
      }
    }
    return this.#ready?.content;
  }

  /**
   * What may leave, as soon as there is something.
   *
   * @throws AppConfigError, as a rejection, where there is nothing good.
   */
  async read(waitUntil?: WaitUntil): Promise<EncodedContent | undefined> {
    const ready = this.peek(waitUntil);
    if (ready) return ready;
    const snapshot = await this.profile.read(waitUntil);
    const content = await this.#versions.encode(snapshot);
    this.#ready ??= { snapshot, content };
    return content;
  }
}
