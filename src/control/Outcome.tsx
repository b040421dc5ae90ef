import type { Action } from './control.ts';

/** What became of an action: said to those who see it and to those who hear it. */
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
