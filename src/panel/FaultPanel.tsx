/** @jsxRuntime classic */
import * as React from 'react';
import { Button } from './Button.tsx';

/** What {@link FaultPanel} takes. */
export interface FaultPanelProps {
  /** What can go wrong, by its name. */
  presets: ReadonlyMap<string, { readonly label: string }>;
  /** What is still to come, a line each. */
  pending: readonly string[];
  /** The preset that takes the whole service down while it strikes every request. */
  outage: string;
  /** Whether it does. */
  isDown: boolean;
  /** Whether an action is running. */
  isBusy?: boolean;
  /** Makes it happen to this many requests, or, with `Infinity`, until it is cleared. */
  onInject: (name: string, times: number) => void;
  onClear: () => void;
}

const TIMES = [
  [1, 'once'],
  [3, '3 times'],
  [10, '10 times'],
  [Number.POSITIVE_INFINITY, 'until cleared'],
] as const;

/** A button for each thing that can go wrong with the next requests, and a switch that takes the service down. */
export function FaultPanel({
  presets,
  pending,
  outage,
  isDown,
  isBusy = false,
  onInject,
  onClear,
}: FaultPanelProps): React.ReactElement {
  const [times, setTimes] = React.useState<number>(1);
  return (
    <div className="fault-panel">
      <div className="row spread">
        <label>
          How often{' '}
          <select value={times} onChange={({ target }) => setTimes(Number(target.value))}>
            {TIMES.map(([count, words]) => (
              <option key={count} value={count}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <Button isIdle={isBusy || pending.length === 0} onClick={onClear}>
          Clear all
        </Button>
      </div>
      <div className="button-grid" role="group" aria-label="What goes wrong with the next requests">
        {Array.from(presets, ([name, { label }]) => (
          <Button key={name} isIdle={isBusy} onClick={() => onInject(name, times)}>
            {label}
          </Button>
        ))}
      </div>
      <div className="pending muted" role="log" aria-label="Faults to come">
        {pending.length === 0 ? (
          'Nothing is queued.'
        ) : (
          <ul>
            {pending.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="row spread">
        <span aria-hidden="true">The whole service is down</span>
        <Button
          role="switch"
          aria-checked={isDown}
          aria-label="The whole service is down"
          isIdle={isBusy}
          onClick={() => (isDown ? onClear() : onInject(outage, Number.POSITIVE_INFINITY))}
        />
      </div>
    </div>
  );
}
