/** Whether this tab is the one that polls. */
export interface Leadership {
  readonly isLeader: boolean;
  /** Takes over from a leader that does not answer: one whose tab is frozen still holds the lock. */
  readonly takeOver: () => void;
  /** Leads without the lock, where the browser neither grants nor refuses it, or tabs cannot hear each other. */
  readonly leadAlone: () => void;
  /** Lets another tab lead. */
  readonly resign: () => void;
}

/**
 * Joins the election among the tabs of an origin. The browser elects: whoever holds the lock leads,
 * and when a tab closes or crashes, the next one in the queue gets it. Where the browser refuses the
 * lock itself, as in a sandboxed frame, there is nobody to share with: the tab leads itself, for good.
 *
 * @param onChange called when this tab begins or ceases to lead
 * @see https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 */
export function joinElection(locks: LockManager, name: string, onChange: () => void): Leadership {
  let isLeader = false;
  let candidacy = new AbortController();
  let release: (() => void) | undefined;

  const change = (leads: boolean) => {
    if (isLeader === leads) return;
    isLeader = leads;
    onChange();
  };
  const hold = () =>
    new Promise<void>((resolve) => {
      release = resolve;
      change(true);
    });
  const queue = (options: LockOptions, own: AbortController) => {
    let wasHeld = false;
    locks
      .request(name, options, () => {
        wasHeld = true;
        return own.signal.aborted ? undefined : hold();
      })
      .then(
        () => change(false),
        () => {
          // This tab was in the queue and stepped out of it.
          if (own.signal.aborted) return;
          change(!wasHeld);
          // Another tab took over.
          if (wasHeld) queue({ signal: own.signal }, own);
        },
      );
  };
  queue({ signal: candidacy.signal }, candidacy);

  return {
    get isLeader() {
      return isLeader;
    },
    takeOver() {
      candidacy.abort();
      candidacy = new AbortController();
      queue({ steal: true }, candidacy);
    },
    leadAlone() {
      candidacy.abort();
      change(true);
    },
    resign() {
      candidacy.abort();
      release?.();
      isLeader = false;
    },
  };
}
