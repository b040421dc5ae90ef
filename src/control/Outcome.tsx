import type { Action } from './control.ts';

/** The outcome of an action, shown and announced to screen readers. */
export function Outcome({ action }: { action: Action }) {
  return (
    <>
      {action.problem && (
        <p className="problem" role="alert">
          {action.problem}
        </p>
      )}
      <p role="status" className="outcome muted">
        {action.outcome}
      </p>
    </>
  );
}
