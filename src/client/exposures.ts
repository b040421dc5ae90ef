import { evaluateFlag } from '../flags/index.ts';
import { callListener, type Clock, type ConfigurationSource } from '../session/index.ts';
import type { FlagExposure } from './flagExposure.ts';
import type { AskedFlag } from './profile.ts';
import { onceForEach } from './registry.ts';

/** Who hears of exposures. */
type ExposureListener = (exposure: FlagExposure) => void;

/** What an {@link Exposures} needs to know; the entity and the source may change later. */
export interface ExposuresOptions {
  readonly source: ConfigurationSource;
  readonly application: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly entityId?: string | undefined;
  readonly exposesOverrides?: boolean | undefined;
}

/** What providers that are gone have reported: one that is mounted again does not repeat it. */
function reportedOf({ source }: ExposuresOptions): Set<string>[] {
  return onceForEach('reported', source, () => []);
}

/** Reports which flags people have seen: each distinct value once. */
export class Exposures {
  readonly #options: ExposuresOptions;
  readonly #getListeners: (isTool: boolean) => ReadonlySet<ExposureListener>;
  readonly #noted = new Set<AskedFlag>();
  #reported = new Set<string>();
  #isScheduled = false;

  /** @param getListeners the app's own, or those of tools, which must not change what the app hears */
  constructor(
    options: ExposuresOptions,
    getListeners: (isTool: boolean) => ReadonlySet<ExposureListener>,
  ) {
    this.#options = options;
    this.#getListeners = getListeners;
  }

  /** Goes on where one that is gone has ended, until the function that this returns is called. */
  begin(): () => void {
    const left = reportedOf(this.#options);
    // Its own, if it was only away for a while; else that of the last one that left.
    const own = left.indexOf(this.#reported);
    [this.#reported = this.#reported] = left.splice(own, 1);
    return () => reportedOf(this.#options).push(this.#reported);
  }

  /** A component that reads the flag is on the page, or what it reads has changed. */
  note(flag: AskedFlag): void {
    this.#noted.add(flag);
    this.schedule();
  }

  /** Reports what was noted a moment later, when the change is on the page, too. */
  schedule(): void {
    if (this.#isScheduled || !this.#isHeard) return;
    this.#isScheduled = true;
    this.#options.clock.schedule(this.#flush, 0);
  }

  get #isHeard(): boolean {
    return this.#getListeners(false).size + this.#getListeners(true).size > 0;
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    if (!this.#isHeard) return;
    // A prerendered page may never be seen.
    if (Reflect.get(globalThis.document ?? {}, 'prerendering') === true) {
      document.addEventListener('prerenderingchange', this.#flush, { once: true });
      return;
    }
    // What has no reader any more is noted again when it has one.
    for (const flag of this.#noted) {
      if (flag.profile.readerCountOf(flag.key) > 0) this.#expose(flag);
    }
    if (this.#getListeners(false).size > 0) this.#noted.clear();
  };

  #expose({ profile, key: flag }: AskedFlag): void {
    const { application, environment, entityId, exposesOverrides } = this.#options;
    // What was evaluated for the previous audience was not seen by this one.
    if (profile.isKept) return;
    const { flags } = profile;
    const { flag: value, reason, versionLabel } = evaluateFlag(flags, flag);
    const isKnown = flags.isSettled || reason !== 'default';
    const isOverridden = reason === 'override' || flags.isDocumentOverridden;
    if (!isKnown || (isOverridden && !exposesOverrides)) return;
    const seen = { profile: profile.name, flag, variant: value._variant, entityId };
    for (const isTool of [false, true]) {
      const listeners = this.#getListeners(isTool);
      const text = JSON.stringify([isTool, application, environment, seen, value]);
      if (listeners.size === 0 || this.#reported.has(text)) continue;
      this.#reported.add(text);
      for (const listener of listeners) {
        callListener(listener, { ...seen, value, reason, versionLabel });
      }
    }
  }
}
