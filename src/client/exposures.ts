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
export interface Exposures {
  /** Goes on where one that is gone has ended, until the function that this returns is called. */
  readonly begin: () => () => void;
  /** A component that reads the flag is on the page, or what it reads has changed. */
  readonly note: (flag: AskedFlag) => void;
  /** Others listen: reports what was noted a moment later, when the change is on the page, too. */
  readonly update: () => void;
}

/** @param getListeners the app's own, or those of tools, which must not change what the app hears */
export function createExposures(
  options: ExposuresOptions,
  getListeners: (isTool: boolean) => ReadonlySet<ExposureListener>,
): Exposures {
  const noted = new Set<AskedFlag>();
  let reported = new Set<string>();
  let isScheduled = false;
  /** Found when listeners come, and not for each flag. */
  let isHeard = false;

  function schedule(): void {
    if (isScheduled || !isHeard || noted.size === 0) return;
    isScheduled = true;
    options.clock.schedule(flush, 0);
  }

  function flush(): void {
    isScheduled = false;
    if (!isHeard) return;
    // A prerendered page may never be seen.
    if (Reflect.get(globalThis.document ?? {}, 'prerendering') === true) {
      document.addEventListener('prerenderingchange', flush, { once: true });
      return;
    }
    // What has no reader any more is noted again when it has one.
    for (const flag of noted) if (flag.profile.readerCountOf(flag.key) > 0) expose(flag);
    if (getListeners(false).size > 0) noted.clear();
  }

  function expose({ profile: { name: profile, isKept, flags }, key: flag }: AskedFlag): void {
    const { application, environment, entityId, exposesOverrides } = options;
    const { flag: value, reason, versionLabel } = evaluateFlag(flags, flag);
    const isKnown = flags.isSettled || reason !== 'default';
    const isOverridden = reason === 'override' || flags.isDocumentOverridden;
    // What was evaluated for the previous audience was not seen by this one.
    if (isKept || !isKnown || (isOverridden && !exposesOverrides)) return;
    const seen = { profile, flag, variant: value._variant, entityId };
    for (const isTool of [false, true]) {
      const listeners = getListeners(isTool);
      const text = JSON.stringify([isTool, application, environment, seen, value]);
      if (listeners.size === 0 || reported.has(text)) continue;
      reported.add(text);
      for (const listener of listeners) {
        callListener(listener, { ...seen, value, reason, versionLabel });
      }
    }
  }

  return {
    begin() {
      const left = reportedOf(options);
      // Its own, if it was only away for a while; else that of the last one that left.
      [reported = reported] = left.splice(left.indexOf(reported), 1);
      return () => left.push(reported);
    },
    note(flag) {
      noted.add(flag);
      schedule();
    },
    update() {
      isHeard = getListeners(false).size + getListeners(true).size > 0;
      schedule();
    },
  };
}
