import { evaluateFlag, type FlagReason, type UntypedFlag } from '../flags/index.ts';
import type { Clock, ConfigurationSource } from '../session/index.ts';
import { perObject } from './memoize.ts';
import type { ProfileFlag } from './profile.ts';

/** Somebody has seen what a flag does: what an experiment counts. */
export interface FlagExposure {
  readonly profile: string;
  readonly flag: string;
  /** The variant of a multi-variant flag. */
  readonly variant: string | undefined;
  /** The flag with its attributes. */
  readonly value: UntypedFlag;
  readonly reason: FlagReason;
  readonly versionLabel: string | undefined;
  /** Whom the flag was evaluated for. */
  readonly entityId: string | undefined;
}

/** Who hears of exposures. */
type ExposureListener = (exposure: FlagExposure) => void;

/** What an {@link Exposures} needs to know; the entity may change later. */
export interface ExposuresOptions {
  readonly source: ConfigurationSource;
  readonly application: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly entityId?: string | undefined;
  readonly exposesOverrides?: boolean | undefined;
}

/** What was reported in the life of a page: a provider that is mounted again does not repeat it. */
const toldOf = /* @__PURE__ */ perObject((_source: ConfigurationSource) =>
  [false, true].map((isTool) => ({ isTool, told: new Set<string>() })),
);

/** Tells which flags people have seen: each distinct value once. */
export class Exposures {
  readonly #options: ExposuresOptions;
  readonly #getListeners: (isTool: boolean) => ReadonlySet<ExposureListener>;
  readonly #told: ReturnType<typeof toldOf>;
  readonly #noted = new Set<ProfileFlag>();
  #isScheduled = false;

  /** @param getListeners the app's own, or those of tools, which must not change what the app hears */
  constructor(
    options: ExposuresOptions,
    getListeners: (isTool: boolean) => ReadonlySet<ExposureListener>,
  ) {
    this.#options = options;
    this.#getListeners = getListeners;
    this.#told = toldOf(options.source);
  }

  /** A component that reads the flag is on the page, or what it reads has changed. */
  note(flag: ProfileFlag): void {
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
    for (const flag of this.#noted) if (hasReader(flag)) this.#expose(flag);
    if (this.#getListeners(false).size > 0) this.#noted.clear();
  };

  #expose({ profile, key: flag }: ProfileFlag): void {
    const { application, environment, entityId, exposesOverrides } = this.#options;
    // What was evaluated for the previous audience was not seen by this one.
    if (profile.observer.isKept) return;
    const known = profile.flags.getSnapshot();
    const { flag: value, reason, versionLabel } = evaluateFlag(known, flag);
    const isKnown = known.isSettled || reason !== 'default';
    const isOverridden = reason === 'override' || known.isDocumentOverridden;
    if (!isKnown || (isOverridden && !exposesOverrides)) return;
    const seen = { profile: profile.name, flag, variant: value._variant, entityId };
    const text = JSON.stringify([application, environment, seen, value]);
    for (const { isTool, told } of this.#told) {
      const listeners = this.#getListeners(isTool);
      if (listeners.size === 0 || told.has(text)) continue;
      told.add(text);
      // Each by itself, so that one that throws does not silence the others.
      for (const listener of listeners) {
        queueMicrotask(() => listener({ ...seen, value, reason, versionLabel }));
      }
    }
  }
}

function hasReader({ stores, attributes }: ProfileFlag): boolean {
  return [...Object.values(stores), ...attributes.values()].some(
    (store) => store.listenerCount() > 0,
  );
}
