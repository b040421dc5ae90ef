import type { ReactNode } from 'react';

/** The flags of a benchmark: whether each is on. */
export type FlagStates = Readonly<Record<string, boolean>>;

/** A way to read flags in React, ready to be measured. */
export interface Instance {
  /** Wraps the app as the way's documentation says. */
  readonly wrap: (children: ReactNode) => ReactNode;
  /** The hook under test: whether a flag is on. */
  readonly useIsOn: (key: string) => boolean;
  /**
   * Delivers the states of all flags, as the service would, and calls `onDelivered` when the bytes
   * or the event are in the page and the work of the library begins.
   */
  readonly deliver: (states: FlagStates, onDelivered: () => void) => Promise<void>;
  /** Ends everything that outlives React. */
  readonly dispose: () => void | Promise<void>;
}

/** Makes an instance that knows the flags already, so that its first render is right. */
export type Contender = (states: FlagStates) => Promise<Instance>;
