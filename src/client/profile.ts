import { isSameStructure } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import {
  checkFeatureFlags,
  evaluateFlag,
  findOwn,
  readOverride,
  toKnownFlags,
  type OverriddenProfiles,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import type { QueryClient } from '@tanstack/react-query';
import { callListener, inMicrotask } from '../session/index.ts';
import type { AppConfigClientOptions } from './appConfigClientOptions.ts';
import type { ReadableProfile, SelectOptions } from './appConfigProfile.ts';
import { createCheck, findGood } from './check.ts';
import { warnOfMisnamed } from './development.ts';
import { readFlagDefaults } from './flagDefaults.ts';
import { perName, perObject } from './memoize.ts';
import { createProfileQuery } from './profileQuery.ts';
import type { ProfileReader } from './profileReader.ts';
import { keepIfSame, type CachedSnapshot, type ProfileState } from './profileState.ts';
import { toServerState, type PolledView, type ProfileFlags } from './profileView.ts';
import {
  createSelection,
  type OwnedSelection,
  type ReaderCount,
  type Selection,
  type SelectionOwner,
} from './selection.ts';
import type { SharedSession } from './sharedSession.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** What was made of a profile last, and of what. */
interface Lens {
  view?: PolledView;
  of?: PolledView;
  flags?: ProfileFlags;
}

/** A flag that was asked for. */
export interface AskedFlag extends ReaderCount {
  readonly profile: Profile;
  readonly key: string;
}

/** What a {@link Profile} needs of the client that it belongs to. */
export interface ProfileHost {
  readonly queryClient: QueryClient;
  /** The newest, with the audience and the source in use. */
  readonly options: AppConfigClientOptions;
  /** Whether it was made for one render: on a server that shows one version. */
  readonly isOfOneRender: boolean;
  /** Whether a provider has it on the page. */
  readonly isMounted: () => boolean;
  readonly defaults: ReadonlyMap<string, unknown>;
  readonly report: (error: AppConfigError | undefined) => void;
  /** Milliseconds to wait before a session is asked for a render that React may throw away. */
  readonly delayMs: () => number;
  /** A component that reads a flag is on the page, or what it reads has changed. */
  readonly noteRead: (flag: AskedFlag) => void;
  /** Another version of the service's flags is in use. */
  readonly noteVersion: (profile: string, before: ProfileFlags, after: ProfileFlags) => void;
}

/** A profile as its client sees it. */
export interface Profile extends ReadableProfile {
  readonly flag: (key: string) => UntypedFlag;
  /** Goes on for another audience. What was known stays, as stale, until the first answer is there. */
  readonly changeAudience: () => void;
  /** Goes on with another source of the same name, which is asked at once. */
  readonly changeSource: () => void;
  /** Goes on with another store of overrides. */
  readonly changeOverrides: () => void;
  /**
   * Keeps its session until {@link release} or {@link end}, also while nobody reads it. From now on, hydration
   * shows what is known now, whatever is polled meanwhile.
   */
  readonly hold: () => void;
  /** Lets go of its session, which ends with this task unless others hold it by then. */
  readonly release: () => void;
  /** Ends its session at once, unless others use it. What is known stays. */
  readonly end: () => void;
  /** On a server nobody subscribes: a render that finds the interval over asks for the next one. */
  readonly refreshUnlessStarted: () => void;
}

/** Makes a profile of a client. It holds nothing outside of itself until somebody subscribes or polls. */
export function createProfile(host: ProfileHost, name: string): Profile {
  const { options } = host;
  let reader = createReader();
  let own = createProfileQuery(host.queryClient, reader);
  /** The one that is subscribed to, by whichever client. */
  const query = () => own.getCurrent();
  /** While somebody subscribes. */
  let leave: (() => void) | undefined;
  let held: SharedSession | undefined;
  let stopOverrides: (() => void) | undefined;
  /** What was known for the previous audience, until something is for this one. */
  let kept: CachedSnapshot | undefined;
  const viewSelections = new Set<OwnedSelection>();
  const flagSelections = new Set<OwnedSelection>();
  /** What is shown now, and what a server or hydration shows. */
  const now: Lens = {};
  const then: Lens = {};
  /** What the page's HTML was made of, or what this render on a server has shown first. */
  let serverState: ProfileState | undefined;
  /** The flags that versions were compared with last. */
  let version: ProfileFlags | undefined;
  /** As flags, once they are read as such. */
  let defaults: UntypedFeatureFlags | undefined;
  const checkFlags = createCheck(name, checkFeatureFlags);
  /** Of this profile alone: the error of an override names it. */
  const readOnce = perObject(readOverride);
  /** What a render has found while nobody subscribes, for the components of the same task. */
  let rendered: PolledView | undefined;
  const asked = new Map<string, AskedFlag>();
  const ask = perName<AskedFlag>((key) => ({ profile, key, readers: 0 }), asked);

  function createReader(): ProfileReader {
    return {
      options: { ...options, profile: name },
      onState: onEvent,
      onError: host.report,
      onSession(shared) {
        if (leave || host.isMounted()) holdSession(shared);
      },
      delayMs: host.delayMs,
    };
  }

  function holdSession(shared: SharedSession): void {
    if (held === shared) return;
    shared.hold(profile);
    release();
    held = shared;
  }

  function hold(): void {
    fixServerState();
    holdSession(query().getShared());
  }

  function release(): void {
    held?.release(profile);
    held = undefined;
  }

  function add(selection: OwnedSelection, selections = viewSelections): () => void {
    selections.add(selection);
    try {
      if (!leave) start();
    } catch (thrown) {
      selections.delete(selection);
      throw thrown;
    }
    return () => {
      selections.delete(selection);
      if (viewSelections.size + flagSelections.size === 0) stop();
    };
  }

  function start(): void {
    fixServerState();
    followOverrides();
    if (process.env.NODE_ENV !== 'production') {
      warnOfMisnamed(host.queryClient, own.options.queryKey);
    }
    leave = query().add(reader);
    hold();
    onEvent();
  }

  function stop(): void {
    leave?.();
    leave = undefined;
    stopOverrides?.();
    stopOverrides = undefined;
  }

  function followOverrides(): void {
    stopOverrides?.();
    stopOverrides = options.overrides?.subscribe(onEvent);
  }

  function fixServerState(): void {
    serverState ??= toServerState(query().getHydratedState());
  }

  /** Each selection is answered before any reader is told. */
  function onEvent(): void {
    const { view, flags } = now;
    if (lookNow() === view) return;
    // Most polls change nothing that a flag depends on.
    const isSame = flagSelections.size > 0 && attempt(noteFlags) === flags;
    const readers = isSame ? viewSelections : [...viewSelections, ...flagSelections];
    // One that throws keeps no other from the news.
    const changed = [...readers].filter(({ update }) => attempt(update) ?? true);
    for (const { notify } of changed) attempt(notify);
  }

  function lookNow(): PolledView {
    rendered = undefined;
    const state = query().getState();
    if (state.snapshot) kept = undefined;
    return look(now, state, options.overrides?.getSnapshot(), kept);
  }

  function readView(): PolledView {
    // While somebody subscribes, each event has been looked at.
    return (leave && now.view) ?? lookNow();
  }

  /** The same for a render: once a task, and not for each component. Who subscribes afterwards looks again. */
  function renderView(): PolledView {
    if (leave) return readView();
    if (!rendered) {
      rendered = lookNow();
      inMicrotask(() => {
        rendered = undefined;
      });
    }
    return rendered;
  }

  function readServerView(): PolledView {
    const state = query().getHydratedState();
    if (state.snapshot && host.isOfOneRender) fixServerState();
    const shown = serverState ?? toServerState(state);
    return look(then, shown, options.overrides?.getServerSnapshot());
  }

  /** The same object as before if nothing in it has changed. */
  function look(
    lens: Lens,
    state: ProfileState,
    overrides: OverriddenProfiles | undefined,
    before?: CachedSnapshot,
  ): PolledView {
    const last = lens.view;
    const given = findOwn(overrides, name);
    // Overrides that are made anew in each render may still be equal.
    const override = isSameStructure(last?.override, given) ? last?.override : given;
    const snapshot = state.snapshot ?? before;
    const isStale = state.isStale || before !== undefined;
    lens.view = keepIfSame(last, { state, snapshot, error: state.error, isStale, override });
    return lens.view;
  }

  function readFlags(): ProfileFlags {
    return lookAtFlags(now, readView());
  }

  function renderFlags(): ProfileFlags {
    return lookAtFlags(now, renderView());
  }

  function readServerFlags(): ProfileFlags {
    return lookAtFlags(then, readServerView());
  }

  function lookAtFlags(lens: Lens, view: PolledView): ProfileFlags {
    if (lens.of !== view || !lens.flags) {
      lens.of = view;
      lens.flags = toFlags(view, lens.flags);
    }
    return lens.flags;
  }

  function toFlags(view: PolledView, last: ProfileFlags | undefined): ProfileFlags {
    const { snapshot, override } = view;
    const checked = snapshot && checkFlags(snapshot.value);
    const good = findGood(snapshot, checked, last?.good);
    const flags = toKnownFlags({
      service: good?.document,
      versionLabel: good?.snapshot.versionLabel,
      override,
      defaults: (defaults ??= readFlagDefaults(host.defaults, name)),
      isStale: view.isStale || checked?.error !== undefined,
      read: readOnce,
    });
    const error = view.error ?? checked?.error ?? flags.overrideError;
    const isSettled = good !== undefined || flags.isDocumentOverridden || error !== undefined;
    return keepIfSame(last, { ...flags, error, isSettled, good });
  }

  function report(error: AppConfigError | undefined): void {
    if (error) error.profile ??= name;
    host.report(error);
  }

  /** What is to be said of the flags, once for all who read one. */
  function noteFlags(): ProfileFlags {
    const flags = readFlags();
    const before = version;
    // Another person's flags are not a new version, and neither are overrides.
    if (flags !== before && !kept && !flags.isDocumentOverridden) {
      version = flags;
      if (before && before.loaded !== flags.loaded) host.noteVersion(name, before, flags);
    }
    const { snapshot } = readView();
    report(snapshot && checkFlags(snapshot.value).error);
    report(flags.overrideError);
    return flags;
  }

  function waitForFirstPoll(): Promise<void> {
    const polled = query().waitForFirstPoll();
    const { overrides } = options;
    if (!overrides) return polled;
    let stopWaiting: (() => void) | undefined;
    const isSet = new Promise<void>((resolve) => {
      stopWaiting = overrides.subscribe(resolve);
    });
    return Promise.race([polled, isSet]).finally(() => stopWaiting?.());
  }

  const flagsOwner: SelectionOwner<ProfileFlags> = {
    getSnapshot: renderFlags,
    getServerSnapshot: readServerFlags,
    add(selection) {
      const remove = add(selection, flagSelections);
      if (flagSelections.size === 1) noteFlags();
      return remove;
    },
  };

  // Functions and accessors that need no `this`, so that a wrapper of any kind works.
  const profile: Profile = {
    name,
    fallback: host.defaults.get(name),
    flag: (key) => evaluateFlag(readFlags(), key).flag,
    select<Value>(
      read: (flags: ProfileFlags, last: Value | undefined) => Value,
      { flag: key, errorOf }: SelectOptions<Value> = {},
    ) {
      const flag = key === undefined ? undefined : ask(key);
      const selection: Selection<Value> = createSelection<ProfileFlags, Value>(
        flagsOwner,
        read,
        () => {
          if (flag) host.noteRead(flag);
          if (errorOf) report(errorOf(selection.getSnapshot()));
        },
        flag,
      );
      return selection;
    },
    selectView: (read, errorOf) =>
      createSelection(
        { getSnapshot: renderView, getServerSnapshot: readServerView, add },
        read,
        () => report(errorOf?.(readView())),
      ),
    subscribe: (listener) => add({ update: () => true, notify: listener }),
    ready() {
      const { snapshot, error } = readView();
      return snapshot || error ? Promise.resolve() : waitForFirstPoll();
    },
    refetch: () => query().refetch(),
    waitForFirstPoll,
    get state() {
      return readView().state;
    },
    get flags() {
      return readFlags();
    },
    get isKept() {
      return kept !== undefined;
    },
    isPollDue: () => query().isPollDue(),
    queryOptions: () => own.options,
    get askedFlags() {
      return [...asked.keys()];
    },
    readerCountOf: (key) => asked.get(key)?.readers ?? 0,
    changeAudience() {
      fixServerState();
      const { state, snapshot } = readView();
      const before = leave;
      const left = query();
      const isHeld = held !== undefined;
      kept = state.snapshot ?? snapshot;
      version = undefined;
      reader = createReader();
      own = createProfileQuery(host.queryClient, reader);
      if (before) leave = query().add(reader);
      if (isHeld) hold();
      before?.();
      if (!isHeld) left.endSession();
      onEvent();
    },
    changeSource() {
      reader.options.source = options.source;
      query().followReader(reader);
      if (held) hold();
      onEvent();
    },
    changeOverrides() {
      if (leave) followOverrides();
      onEvent();
    },
    hold,
    release,
    end() {
      release();
      query().endSession();
    },
    refreshUnlessStarted: () => query().refreshUnlessStarted(),
  };
  return profile;
}

/** What a callback returns; what it throws is reported as what an app's own listener throws. */
function attempt<Value>(callback: () => Value): Value | undefined {
  try {
    return callback();
  } catch (thrown) {
    callListener(() => {
      throw thrown;
    }, undefined);
    return undefined;
  }
}
