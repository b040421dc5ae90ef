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

/** What an {@link Exposures} is made of. */
export interface ExposuresOptions {
  source: ConfigurationSource;
  clock: Clock;
  getEntityId: () => string | undefined;
  exposesOverrides: boolean | undefined;
  /** Who wants to hear of them. */
  getListeners: () => readonly ((exposure: FlagExposure) => void)[];
}

/** What was told already, for a page's whole life: a provider that is mounted again does not tell it again. */
const toldOf = /* @__PURE__ */ perObject((_source: ConfigurationSource) => new Set<string>());

/** Tells which flags people have seen: each distinct value once. */
export class Exposures {
  readonly #options: ExposuresOptions;
  readonly #noted = new Set<ProfileFlag>();
  #isScheduled = false;

  constructor(options: ExposuresOptions) {
    this.#options = options;
  }

  /** A component that reads the flag is on the page, or what it reads has changed. */
  note(flag: ProfileFlag): void {
    this.#noted.add(flag);
    this.schedule();
  }

  /** Tells of what was noted later, when what has changed is on the page, too. */
  schedule(): void {
    if (this.#isScheduled || this.#options.getListeners().length === 0) return;
    this.#isScheduled = true;
    this.#options.clock.schedule(this.#flush, 0);
  }

  readonly #flush = (): void => {
    this.#isScheduled = false;
    // A page that is prepared before anybody asked for it may never be seen.
    if (Reflect.get(globalThis.document ?? {}, 'prerendering') === true) {
      document.addEventListener('prerenderingchange', this.#flush, { once: true });
      return;
    }
    const noted = [...this.#noted];
    this.#noted.clear();
    for (const flag of noted) this.#expose(flag);
  };

  #expose({ profile, key: flag }: ProfileFlag): void {
    // What was known for the one before is not what this one sees.
    if (profile.observer.isKept) return;
    const { source, getEntityId, exposesOverrides, getListeners } = this.#options;
    const known = profile.flags.getSnapshot();
    const { flag: value, reason } = evaluateFlag(known, flag);
    const isKnown = known.isSettled || reason !== 'default';
    if (!isKnown || (reason === 'override' && !exposesOverrides)) return;
    const seen = { profile: profile.name, flag, variant: value._variant, entityId: getEntityId() };
    const told = toldOf(source);
    const text = JSON.stringify([seen, value]);
    if (told.has(text)) return;
    told.add(text);
    const exposure = { ...seen, value, reason, versionLabel: known.versionLabel };
    // Each by itself, so that one that throws does not silence the others.
    for (const listener of getListeners()) queueMicrotask(() => listener(exposure));
  }
}
