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
   * What may leave, if it is ready. While a new version is being encoded, it is the one before. Sets off what
   * is due, and waits for nothing.
   */
  peek(waitUntil?: WaitUntil): Content {
    const snapshot = this.profile.peek(waitUntil, this.#encode);
    if (this.#ready && snapshot && this.#ready.snapshot !== snapshot) {
      const encoding = this.#encode(snapshot);
      waitUntil?.(encoding);
    }
    return this.#ready?.content;
  }

  /**
   * What may leave, as soon as there is something.
   *
   * @throws AppConfigError, as a rejection, where there is nothing good.
   */
  async read(waitUntil?: WaitUntil): Promise<Content> {
    return this.peek(waitUntil) ?? this.#encode(await this.profile.read(waitUntil));
  }

  readonly #encode = (snapshot: ServerSnapshot): Promise<Content> => {
    if (this.#encoding?.snapshot !== snapshot) {
      this.#encoding = { snapshot, content: this.#prepare(snapshot) };
    }
    return this.#encoding.content;
  };

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
