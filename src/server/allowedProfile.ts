import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import { encodeContent, type EncodedContent } from './encodedContent.ts';
import { pickAllowedContent, type AnyAllowance } from './allowed.ts';
import type { ServerProfile, ServerSnapshot } from './serverProfile.ts';
import type { WaitUntil } from './waitUntil.ts';

/** What an {@link AllowedProfile} is made of. */
export interface AllowedProfileOptions {
  readonly profile: ServerProfile;
  readonly allowance: AnyAllowance;
  /** The only flags that are wanted; none for all. */
  readonly flagKeys: readonly string[];
  /** What is worth a compression. */
  readonly encodings: readonly ('br' | 'gzip')[];
  readonly report: (error: AppConfigError) => void;
}

/** Undefined if a flag is wanted that does not exist. */
type Content = EncodedContent | undefined;

/** The part of a profile that may leave the server, encoded once per version. */
export class AllowedProfile {
  readonly #options: AllowedProfileOptions;
  #ready: { readonly snapshot: ServerSnapshot; readonly content: Content } | undefined;
  #failed: ServerSnapshot | undefined;
  /** The message of the last failure. */
  #reported: string | undefined;
  #encoding: { readonly snapshot: ServerSnapshot; readonly content: Promise<Content> } | undefined;

  constructor(options: AllowedProfileOptions) {
    this.#options = options;
  }

  get profile(): ServerProfile {
    return this.#options.profile;
  }

  /**
   * What may leave, if it is ready. While a new version is being encoded, it is the previous one. Starts what
   * is due, without waiting for it.
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
    if (this.#encoding?.snapshot !== snapshot || this.#failed === snapshot) {
      this.#failed = undefined;
      this.#encoding = { snapshot, content: this.#prepare(snapshot) };
    }
    return this.#encoding.content;
  };

  async #prepare(snapshot: ServerSnapshot): Promise<Content> {
    const { allowance, flagKeys, encodings, report } = this.#options;
    let content: Content;
    try {
      const allowed = pickAllowedContent(snapshot.value, allowance, flagKeys);
      content = allowed && (await encodeContent(allowed, snapshot.versionLabel, encodings));
      this.#reported = undefined;
    } catch (thrown) {
      const error = asAppConfigError(thrown, 'InvalidArgument', 'allow');
      if (this.#reported !== error.message) report(error);
      this.#reported = error.message;
      // Whatever was wrong may be over at the next question.
      this.#failed = snapshot;
      if (!this.#ready) throw error;
      content = this.#ready.content;
    }
    // An older version may take longer to encode than the one after it.
    const isNewest = !this.#encoding || this.#encoding.snapshot === snapshot;
    if (isNewest || !this.#ready) this.#ready = { snapshot, content };
    return content;
  }
}
