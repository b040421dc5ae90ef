import { describeFaults } from '../../src/emulator/faults/index.ts';
import type { Fault } from '../../src/emulator/index.ts';
import { useDemo } from './DemoStage.tsx';

const FAULTS: readonly (readonly [label: string, fault: Fault])[] = [
  ['Error 500', { kind: 'error', status: 500 }],
  ['Throttle 429', { kind: 'error', status: 429, retryAfterInSeconds: 2 }],
  ['Reset connection', { kind: 'reset' }],
  ['Answer slowly', { kind: 'slow', delayMs: 1_500 }],
  ['Expire token', { kind: 'expired' }],
  ['Send garbage', { kind: 'garbage', operation: 'GetLatestConfiguration' }],
];

/** Buttons that make the next answer go wrong, and a switch that takes the whole service down. */
export function FaultConsole() {
  const { emulator } = useDemo();
  const isDown = emulator.faults.some(({ times }) => times === Infinity);
  const lines = describeFaults(emulator.faults);

  const setOutage = (wanted: boolean) => {
    emulator.clearFaults();
    if (wanted) emulator.inject({ kind: 'reset', times: Infinity });
  };

  return (
    <div className="panel">
      <p className="panel-title">
        <span>What goes wrong next</span>
      </p>
      <div className="button-grid">
        {FAULTS.map(([label, fault]) => (
          <button type="button" key={label} onClick={() => emulator.inject(fault)}>
            {label}
          </button>
        ))}
      </div>
      <p className="muted queued" role="log" aria-label="Faults to come">
        {lines.length === 0 ? 'Nothing is queued.' : `Queued: ${lines.join('; ')}.`}
      </p>
      <label className="switch-row outage">
        <span>The whole service is down</span>
        <input
          type="checkbox"
          role="switch"
          checked={isDown}
          onChange={(event) => setOutage(event.target.checked)}
        />
      </label>
    </div>
  );
}
