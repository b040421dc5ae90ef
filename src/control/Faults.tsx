import { useState, type FormEvent } from 'react';
import type { PendingFault } from '../emulator/control/index.ts';
import { describeFaults, FAULT_PRESETS } from '../emulator/faults/index.ts';
import { Button } from '../panel/index.ts';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

/** Makes something go wrong with the next requests. */
export function Faults({ faults }: { faults: readonly PendingFault[] }) {
  const action = useAction();
  const [kind, setKind] = useState('429');
  const [times, setTimes] = useState('1');
  const inject = (event: FormEvent) => {
    event.preventDefault();
    const count = times === 'all' ? null : Number(times);
    const preset = FAULT_PRESETS.get(kind);
    void action.run(
      'inject',
      { ...preset?.fault, times: count },
      `${preset?.label}: will strike ${times === 'all' ? 'until cleared' : `${times}×`}.`,
    );
  };
  return (
    <section className="card" aria-labelledby="faults">
      <div className="row spread">
        <h2 id="faults">Faults</h2>
        <Button
          isIdle={faults.length === 0}
          onClick={() => void action.run('clear-faults', {}, 'No fault is left.')}
        >
          Clear all
        </Button>
      </div>
      <form className="fields" onSubmit={inject}>
        <label>
          What goes wrong
          <select value={kind} onChange={(event) => setKind(event.target.value)}>
            {[...FAULT_PRESETS].map(([name, { label }]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          How often
          <select value={times} onChange={(event) => setTimes(event.target.value)}>
            <option value="1">once</option>
            <option value="3">3 times</option>
            <option value="10">10 times</option>
            <option value="all">until cleared</option>
          </select>
        </label>
        <Button type="submit" isIdle={action.isRunning}>
          Inject
        </Button>
      </form>
      {faults.length > 0 && (
        <ul className="pending" aria-label="Faults to come">
          {describeFaults(faults).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <Outcome action={action} />
    </section>
  );
}
