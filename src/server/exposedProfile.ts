import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { encodeContent, type EncodedContent } from './encodedContent.ts';
import { expose, type Exposure } from './exposure.ts';
import type { ServerProfile, ServerSnapshot, WaitUntil } from './serverProfile.ts';

/** What an {@link ExposedProfile} is made of. */
export interface ExposedProfileOptions {
  readonly profile: ServerProfile;
  readonly exposure: Exposure;
  /** The only flags that are wanted; none for all. */
  readonly flagKeys: readonly string[];
  readonly report: (error: AppConfigError) => void;
}

/** Undefined where a flag is wanted that does not exist. */
type Content = EncodedContent | undefined;

/** What of a profile may leave the server, encoded once a version. */
export class ExposedProfile {
  readonly #options: ExposedProfileOptions;
  #ready: { readonly snapshot: ServerSnapshot; readonly content: Content } | undefined;
  #encoding: { readonly snapshot: ServerSnapshot; readonly content: Promise<Content> } | undefined;

  constructor(options: ExposedProfileOptions) {
    this.#options = options;
  }

  get profile(): ServerProfile {
    return this.#options.profile;
  }

  /**
   * What may leave: at once, unless there is nothing yet. While a new version is being encoded, it is the
   * one before.
   *
   * @throws AppConfigError, as a rejection, where there is nothing good.
   */
  read(waitUntil?: WaitUntil): Content | Promise<Content> {
    const snapshot = this.#options.profile.read(waitUntil);
    if (snapshot instanceof Promise) return snapshot.then((first) => this.#encode(first));
    if (this.#ready?.snapshot === snapshot) return this.#ready.content;
    const encoding = this.#encode(snapshot);
    if (!this.#ready) return encoding;
    waitUntil?.(encoding);
    return this.#ready.content;
  }

  #encode(snapshot: ServerSnapshot): Promise<Content> {
    if (this.#encoding?.snapshot !== snapshot) {
      this.#encoding = { snapshot, content: this.#prepare(snapshot) };
    }
    return this.#encoding.content;
  }

  async #prepare(snapshot: ServerSnapshot): Promise<Content> {
    const { exposure, flagKeys, report } = this.#options;
    try {
      const exposed = expose(snapshot.value, exposure, flagKeys);
      const content = exposed && (await encodeContent(exposed, snapshot.versionLabel));
      this.#ready = { snapshot, content };
      return content;
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'InvalidArgument', 'expose');
      report(error);
      // The last good one stays in use.
      if (!this.#ready) throw error;
      this.#ready = { snapshot, content: this.#ready.content };
      return this.#ready.content;
    }
  }
}
