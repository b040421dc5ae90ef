import { isSameStructure } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import {
  checkFeatureFlags,
  evaluateFlag,
  findOverride,
  toKnownFlags,
  type CombinedFlags,
  type OverriddenProfiles,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import type { QueryClient } from '@tanstack/react-query';
import { callListener } from '../session/index.ts';
import type { AppConfigClientOptions } from './appConfigClientOptions.ts';
import { createCheck, findGood, type GoodDocument, type ProfileView } from './check.ts';
import { createProfileQuery, type ProfileQuery, type Subscription } from './profileQuery.ts';
import type { ProfileQueryOptions } from './profileQueryOptions.ts';
import type { ProfileReader } from './profileReader.ts';
import { NOTHING_KNOWN, type CachedSnapshot, type ProfileState } from './profileState.ts';
import { createSelection, type OwnedSelection, type Selection } from './selection.ts';
import type { SharedSession } from './sharedSession.ts';

/** What is known of a profile's flags, and how it came. */
export interface ProfileFlags extends CombinedFlags {
  readonly error: AppConfigError | undefined;
  /** Whether the first poll is over, well or not. */
  readonly isSettled: boolean;
  /** What the flags of the service are from. */
  readonly good: GoodDocument<UntypedFeatureFlags> | undefined;
}

/** A profile for the current audience, with how polling goes. */
export interface PolledView extends ProfileView {
  readonly state: ProfileState;
}

/** What was made of a profile last, and of what. */
interface Lens {
  view?: PolledView;
  of?: PolledView;
  flags?: ProfileFlags;
}

/** When a profile was polled, and will be. */
export interface ProfileTimes {
  /** 0 before the first poll. */
  readonly dataUpdatedAt: number;
  /** Undefined before the first poll. */
  readonly nextPollAt: number | undefined;
}

/** A flag that was asked for. */
export interface AskedFlag {
  readonly profile: Profile;
  readonly key: string;
  readonly selections: Set<Selection<unknown>>;
}

/** What may be said of a selection. */
export interface SelectOptions<Value> {
  /** The flag that is read, if it is one: its readers are counted, and what they see is exposed. */
  readonly flag?: string | undefined;
  /** What is wrong with a value, to be reported once. */
  readonly errorOf?: ((value: Value) => AppConfigError | undefined) | undefined;
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
  readonly readFlagDefaults: (profile: string) => UntypedFeatureFlags | undefined;
  readonly report: (error: AppConfigError) => void;
  readonly reportDelay: () => void;
  /** A component that reads a flag is on the page, or what it reads has changed. */
  readonly noteRead: (flag: AskedFlag) => void;
  /** Another version of the service's flags is in use. */
  readonly noteVersion: (profile: string, before: ProfileFlags, after: ProfileFlags) => void;
  readonly noteMissing: (flag: AskedFlag, known: ProfileFlags) => void;
}

/**
 * One profile of a client, for the current audience and with its overrides: what hooks, tools and your own
 * code read. The functions need no `this`.
 *
 * @example
 * const flags = client.profile('flags');
 * await flags.ready();
 * if (flags.flag('new-checkout').enabled) showNewCheckout();
 * const stop = flags.subscribe(() => console.log(flags.flag('new-checkout')));
 */
export class Profile {
  readonly name: string;
  /** What components see before there is anything else. */
  readonly fallback: unknown;
  readonly #host: ProfileHost;
  #query: ProfileQuery;
  #reader: ProfileReader;
  /** While somebody subscribes. */
  #joined: Subscription | undefined;
  #held: { readonly session: SharedSession; readonly release: () => void } | undefined;
  #stopOverrides: (() => void) | undefined;
  /** What was known for the previous audience, until something is for this one. */
  #kept: CachedSnapshot | undefined;
  readonly #viewSelections = new Set<OwnedSelection>();
  readonly #flagSelections = new Set<OwnedSelection>();
  /** What is shown now, and what a server or hydration shows. */
  readonly #now: Lens = {};
  readonly #then: Lens = {};
  /** What the page's HTML was made of, or what this render on a server has shown first. */
  #serverState: ProfileState | undefined;
  /** The flags that versions were compared with last. */
  #version: ProfileFlags | undefined;
  readonly #checkFlags;
  readonly #checkOverride;
  readonly #asked = new Map<string, AskedFlag>();

  constructor(host: ProfileHost, name: string) {
    this.name = name;
    this.fallback = host.defaults.get(name);
    this.#host = host;
    this.#reader = this.#createReader();
    this.#query = createProfileQuery(host.queryClient, this.#reader);
    this.#checkFlags = createCheck(name, checkFeatureFlags);
    this.#checkOverride = createCheck(name, checkFeatureFlags);
  }

  /** One of its flags, as it is now. Subscribe to be told when it changes. */
  readonly flag = (key: string): UntypedFlag => evaluateFlag(this.#readFlags(), key).flag;

  /**
   * What a function makes of the flags; subscribers are told when it makes something else.
   *
   * @param read makes a value of what is known; returns the last one if nothing in it changed
   */
  readonly select = <Value>(
    read: (flags: ProfileFlags, last: Value | undefined) => Value,
    { flag: key, errorOf }: SelectOptions<Value> = {},
  ): Selection<Value> => {
    const flag = key === undefined ? undefined : this.#ask(key);
    const add = (owned: OwnedSelection) => {
      const remove = this.#add(owned, this.#flagSelections);
      flag?.selections.add(selection);
      return () => {
        flag?.selections.delete(selection);
        remove();
      };
    };
    const selection: Selection<Value> = createSelection<ProfileFlags, Value>(
      { getSnapshot: this.#readFlags, getServerSnapshot: this.#readServerFlags, add },
      read,
      () => {
        this.#noteRead(flag);
        this.#report(errorOf?.(selection.getSnapshot()));
      },
    );
    return selection;
  };

  /**
   * The same of the document and of how polling goes.
   *
   * @param errorOf what is wrong with the newest document, to be reported once
   */
  readonly selectView = <Value>(
    read: (view: PolledView, last: Value | undefined) => Value,
    errorOf?: (view: PolledView) => AppConfigError | undefined,
  ): Selection<Value> =>
    createSelection<PolledView, Value>(
      {
        getSnapshot: this.#readView,
        getServerSnapshot: this.#readServerView,
        add: (owned) => this.#add(owned),
      },
      read,
      () => this.#report(errorOf?.(this.#readView())),
    );

  /** Polls for as long as somebody subscribes, and calls back when anything changes. */
  readonly subscribe = (listener: () => void): (() => void) =>
    this.#add({ update: () => true, notify: listener });

  /** Resolves when the first poll is over, well or not, or something is overridden. */
  readonly ready = (): Promise<void> => {
    const { snapshot, error } = this.#readView();
    return snapshot || error ? Promise.resolve() : this.waitForFirstPoll();
  };

  /** Polls if a poll is due or a back-off may be cut short, and resolves when it is over, well or not. */
  readonly refetch = (): Promise<void> => this.#query.refetch();

  /** The same as {@link ready}, but it waits for the next poll where there was one. */
  readonly waitForFirstPoll = (): Promise<void> => {
    const polled = this.#query.getCurrent().waitForFirstPoll();
    const { overrides } = this.#host.options;
    if (!overrides) return polled;
    let stop: (() => void) | undefined;
    const isSet = new Promise<void>((resolve) => {
      stop = overrides.subscribe(resolve);
    });
    return Promise.race([polled, isSet]).finally(() => stop?.());
  };

  /** What is known of the service, without overrides. */
  get state(): ProfileState {
    return this.#readView().state;
  }

  /** What is known of its flags. @throws InvalidArgumentError if its defaults are not flags. */
  get flags(): ProfileFlags {
    return this.#readFlags();
  }

  /** Whether what is shown was evaluated for the previous audience. */
  get isKept(): boolean {
    return this.#kept !== undefined;
  }

  /** Whether a poll may go out now: no interval or back-off is under way, and the browser is online. */
  readonly isPollDue = (): boolean => this.#query.getCurrent().isPollDue();

  /** When the document was last confirmed and when the next poll may go out, in milliseconds since 1970. */
  readonly times = (): ProfileTimes => ({
    dataUpdatedAt: this.#query.getUpdatedAt(),
    nextPollAt: this.state.nextPollAt,
  });

  /** The options of its query, for TanStack Query. */
  readonly queryOptions = (): ProfileQueryOptions => this.#query.options;

  /** The flags that were asked for, known or not. */
  get askedFlags(): readonly string[] {
    return [...this.#asked.keys()];
  }

  /** How many subscribe to a flag. */
  readonly readerCountOf = (key: string): number => {
    let count = 0;
    for (const { readerCount } of this.#asked.get(key)?.selections ?? []) count += readerCount();
    return count;
  };

  /** Goes on for another audience. What was known stays, as stale, until the first answer is there. */
  changeAudience(): void {
    this.fixServerState();
    const { state, snapshot } = this.#readView();
    const before = this.#joined;
    const previous = this.#query;
    const isHeld = this.#held !== undefined;
    this.#kept = state.snapshot ?? snapshot;
    this.#version = undefined;
    this.#reader = this.#createReader();
    this.#query = createProfileQuery(this.#host.queryClient, this.#reader);
    const left = previous.getCurrent();
    if (before) this.#joined = this.#query.join(this.#reader);
    else if (isHeld) this.hold();
    before?.leave();
    if (!isHeld) left.endSession();
    this.#onEvent();
  }

  /** Goes on with another source of the same name, which is asked at once. */
  changeSource(): void {
    this.#reader.options.source = this.#host.options.source;
    this.#query.getCurrent().followReader(this.#reader);
    if (this.#held) this.hold();
    this.#onEvent();
  }

  /** Goes on with another store of overrides. */
  changeOverrides(): void {
    if (this.#joined) this.#followOverrides();
    this.#onEvent();
  }

  /** Keeps its session until {@link end}, also while nobody reads it. */
  hold(): void {
    this.#hold(this.#query.getCurrent().getSession());
  }

  /** Lets go of its session, which ends with this task unless others hold it by then. */
  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  /** Ends its session at once, unless others use it. What is known stays. */
  end(): void {
    this.release();
    this.#query.getCurrent().endSession();
  }

  /** On a server nobody subscribes: a render that finds the interval over asks for the next one. */
  refreshUnlessStarted(): void {
    if (!this.#joined) this.#query.refreshUnlessStarted();
  }

  /** From now on, hydration shows what is known now, whatever is polled meanwhile. */
  fixServerState(): void {
    this.#serverState ??= toServerState(this.#query.getHydratedState());
  }

  #createReader(): ProfileReader {
    return {
      options: { ...this.#host.options, profile: this.name },
      onState: () => this.#onEvent(),
      onError: (error) => this.#host.report(error),
      onSession: (session) => this.#hold(session),
      onPoll: (session) => {
        if (this.#host.isMounted()) this.#hold(session);
      },
      isUncommitted: () => this.#host.isOfOneRender && !this.#host.isMounted(),
      onDelay: () => this.#host.reportDelay(),
    };
  }

  #hold(session: SharedSession): void {
    const before = this.#held;
    if (before?.session === session) return;
    this.#held = { session, release: session.hold() };
    before?.release();
  }

  readonly #add = (selection: OwnedSelection, selections = this.#viewSelections): (() => void) => {
    selections.add(selection);
    try {
      if (!this.#joined) this.#start();
    } catch (thrown) {
      selections.delete(selection);
      throw thrown;
    }
    return () => {
      selections.delete(selection);
      if (this.#viewSelections.size + this.#flagSelections.size === 0) this.#stop();
    };
  };

  #start(): void {
    this.fixServerState();
    this.#followOverrides();
    this.#joined = this.#query.join(this.#reader);
    this.#onEvent();
  }

  #stop(): void {
    this.#joined?.leave();
    this.#joined = undefined;
    this.#stopOverrides?.();
    this.#stopOverrides = undefined;
  }

  #followOverrides(): void {
    this.#stopOverrides?.();
    this.#stopOverrides = this.#host.options.overrides?.subscribe(() => this.#onEvent());
  }

  /** Each selection is answered before any reader is told. */
  #onEvent(): void {
    const { view, flags } = this.#now;
    if (this.#lookNow() === view) return;
    // Most polls change nothing that a flag depends on.
    const isSame = this.#flagSelections.size > 0 && attempt(this.#readFlags) === flags;
    const asked = isSame
      ? this.#viewSelections
      : [...this.#viewSelections, ...this.#flagSelections];
    // One that throws keeps no other from the news.
    const changed = [...asked].filter(({ update }) => attempt(update) ?? true);
    for (const { notify } of changed) attempt(notify);
  }

  #lookNow(): PolledView {
    const state = (this.#joined?.query ?? this.#query).getState();
    if (state.snapshot) this.#kept = undefined;
    const overrides = this.#host.options.overrides?.getSnapshot();
    return this.#look(this.#now, state, this.#kept, overrides);
  }

  readonly #readView = (): PolledView => {
    // While somebody subscribes, each event has been looked at.
    return (this.#joined && this.#now.view) ?? this.#lookNow();
  };

  readonly #readServerView = (): PolledView => {
    const state = this.#query.getHydratedState();
    if (state.snapshot && this.#host.isOfOneRender) this.fixServerState();
    const overrides = this.#host.options.overrides?.getServerSnapshot();
    return this.#look(this.#then, this.#serverState ?? toServerState(state), undefined, overrides);
  };

  /** The same object as before if nothing in it has changed. */
  #look(
    lens: Lens,
    state: ProfileState,
    kept: CachedSnapshot | undefined,
    overrides: OverriddenProfiles | undefined,
  ): PolledView {
    const last = lens.view;
    const given = findOverride(overrides, this.name);
    // Overrides that are made anew in each render may still be equal.
    const override = isSameStructure(last?.override, given) ? last?.override : given;
    const snapshot = state.snapshot ?? kept;
    const isStale = state.isStale || kept !== undefined;
    const isSame =
      last?.state === state &&
      last.snapshot === snapshot &&
      last.isStale === isStale &&
      last.override === override;
    if (last && isSame) return last;
    lens.view = { state, snapshot, error: state.error, isStale, override };
    return lens.view;
  }

  readonly #readFlags = (): ProfileFlags => this.#lookAtFlags(this.#now, this.#readView());

  readonly #readServerFlags = (): ProfileFlags =>
    this.#lookAtFlags(this.#then, this.#readServerView());

  #lookAtFlags(lens: Lens, view: PolledView): ProfileFlags {
    if (lens.of !== view || !lens.flags) {
      lens.of = view;
      lens.flags = this.#toFlags(view, lens.flags);
    }
    return lens.flags;
  }

  #toFlags(view: PolledView, last: ProfileFlags | undefined): ProfileFlags {
    const { snapshot, override } = view;
    const checked = snapshot && this.#checkFlags(snapshot.value);
    const good = findGood(snapshot, checked, last?.good);
    const flags = toKnownFlags({
      service: good?.document,
      versionLabel: good?.snapshot.versionLabel,
      override,
      defaults: this.#host.readFlagDefaults(this.name),
      isStale: view.isStale || checked?.error !== undefined,
      check: (document) => {
        const checkedOverride = this.#checkOverride(document);
        if (checkedOverride.error) throw checkedOverride.error;
        return checkedOverride.document;
      },
    });
    const error = view.error ?? checked?.error ?? flags.overrideError;
    const isSettled = good !== undefined || flags.isDocumentOverridden || error !== undefined;
    const next = { ...flags, error, isSettled, good };
    return last && isSameFlags(last, next) ? last : next;
  }

  #report(error: AppConfigError | undefined): void {
    if (error) this.#host.report(error);
  }

  #ask(key: string): AskedFlag {
    const asked = this.#asked.get(key) ?? { profile: this, key, selections: new Set() };
    this.#asked.set(key, asked);
    return asked;
  }

  #noteRead(flag: AskedFlag | undefined): void {
    const flags = this.#readFlags();
    const before = this.#version;
    // Another person's flags are not a new version, and neither are overrides.
    if (flags !== before && !this.#kept && !flags.isDocumentOverridden) {
      this.#version = flags;
      if (before && before.loaded !== flags.loaded) {
        this.#host.noteVersion(this.name, before, flags);
      }
    }
    const { snapshot } = this.#readView();
    this.#report(snapshot && this.#checkFlags(snapshot.value).error);
    this.#report(flags.overrideError);
    if (!flag) return;
    this.#host.noteRead(flag);
    this.#host.noteMissing(flag, flags);
  }
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

/** A page that is hydrated decides by its own clock how old it is, and has not polled yet. */
function toServerState(state: ProfileState): ProfileState {
  if (!state.snapshot) return state;
  return { ...NOTHING_KNOWN, snapshot: state.snapshot, isStale: false };
}

function isSameFlags(a: ProfileFlags, b: ProfileFlags): boolean {
  return (
    a.loaded === b.loaded &&
    a.defaults === b.defaults &&
    a.isStale === b.isStale &&
    a.versionLabel === b.versionLabel &&
    a.error === b.error &&
    a.isSettled === b.isSettled &&
    a.isDocumentOverridden === b.isDocumentOverridden &&
    isSameStructure(a.overrides, b.overrides)
  );
}
