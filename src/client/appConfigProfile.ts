import type { AppConfigError } from '../errors/index.ts';
import type { ProfileQueryOptions } from './profileQueryOptions.ts';
import type { ProfileState } from './profileState.ts';
import type { PolledView, ProfileFlags } from './profileView.ts';
import type { FlagKey, FlagOf, ProfileName } from './register.ts';
import type { Selection } from './selection.ts';

/** What may be said of a selection. */
export interface SelectOptions<Value> {
  /** The flag that is read, if it is one: its readers are counted, and what they see is exposed. */
  readonly flag?: string | undefined;
  /** What is wrong with a value, to be reported once. */
  readonly errorOf?: ((value: Value) => AppConfigError | undefined) | undefined;
}

/** A profile as questions read it, whatever its flags are called. */
export interface ReadableProfile {
  readonly name: string;
  /**
   * What a function makes of the flags; subscribers are told when it makes something else.
   *
   * @param read makes a value of what is known; returns the last one if nothing in it changed
   */
  readonly select: <Value>(
    read: (flags: ProfileFlags, last: Value | undefined) => Value,
    options?: SelectOptions<Value>,
  ) => Selection<Value>;
  /**
   * The same of the document and of how polling goes.
   *
   * @param errorOf what is wrong with the newest document, to be reported once
   */
  readonly selectView: <Value>(
    read: (view: PolledView, last: Value | undefined) => Value,
    errorOf?: (view: PolledView) => AppConfigError | undefined,
  ) => Selection<Value>;
  /** Polls for as long as somebody subscribes, and calls back when anything changes. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when the first poll is over, well or not, or something is overridden. */
  readonly ready: () => Promise<void>;
  /** Polls if a poll is due or a back-off may be cut short, and resolves when it is over, well or not. */
  readonly refetch: () => Promise<void>;
  /** The same as {@link ready}, but it waits for the next poll where there was one. */
  readonly waitForFirstPoll: () => Promise<void>;
  /** What components see before there is anything else. */
  readonly fallback: unknown;
  /** What is known of the service, without overrides. */
  readonly state: ProfileState;
  /** What is known of its flags. @throws InvalidArgumentError if its defaults are not flags. */
  readonly flags: ProfileFlags;
  /** Whether what is shown was evaluated for the previous audience. */
  readonly isKept: boolean;
  /** Whether a poll may go out now: no interval or back-off is under way, and the browser is online. */
  readonly isPollDue: () => boolean;
  /** The options of its query, for TanStack Query. */
  readonly queryOptions: () => ProfileQueryOptions;
  /** The flags that were asked for, known or not. */
  readonly askedFlags: readonly string[];
  /** How many subscribe to a flag. */
  readonly readerCountOf: (key: string) => number;
}

/**
 * One profile of a client, for the current audience and with its overrides: what hooks, tools and your own
 * code read. The functions need no `this`, and an object with the same members does as well.
 *
 * @example
 * const flags = client.profile('flags');
 * await flags.ready();
 * if (flags.flag('new-checkout').enabled) showNewCheckout();
 * const stop = flags.subscribe(() => console.log(flags.flag('new-checkout')));
 *
 * @example a client that pins a flag, whatever the service says
 * const pinned = { ...client, profile: (name) => ({ ...client.profile(name), select: (read, options) =>
 *   client.profile(name).select((flags, last) => read({ ...flags, overrides }, last), options) }) };
 */
export interface AppConfigProfile<Name extends ProfileName = ProfileName> extends ReadableProfile {
  /** One of its flags, as it is now. Subscribe to be told when it changes. */
  flag<Key extends FlagKey<Name>>(key: Key): FlagOf<Name, Key>;
}
