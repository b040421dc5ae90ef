import { useState, type FormEvent } from 'react';
import type { PendingFault } from '../emulator/controlState.ts';
import { Button } from './Button.tsx';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

const CHOICES: Readonly<Record<string, { readonly words: string; readonly fault: object }>> = {
  throttle: { words: '429 Throttling', fault: { kind: 'error', status: 429 } },
  failure: { words: '500 Internal server error', fault: { kind: 'error', status: 500 } },
  unavailable: { words: '503 Unavailable', fault: { kind: 'error', status: 503 } },
  denied: { words: '403 Access denied', fault: { kind: 'error', status: 403 } },
  reset: { words: 'Connection reset', fault: { kind: 'reset' } },
  slow: { words: 'Answer 5 s late', fault: { kind: 'slow', delayMs: 5_000 } },
  expired: { words: 'Token expired', fault: { kind: 'expired' } },
  garbage: { words: 'Garbage instead of the content', fault: { kind: 'garbage' } },
};

/** Makes something go wrong with the next requests. */
export function Faults({ faults }: { faults: readonly PendingFault[] }) {
  const action = useAction();
  const [kind, setKind] = useState('throttle');
  const [times, setTimes] = useState('1');
  const inject = (event: FormEvent) => {
    event.preventDefault();
    const count = times === 'all' ? null : Number(times);
    void action.run(
      'inject',
      { ...CHOICES[kind]?.fault, times: count },
      `${CHOICES[kind]?.words}: will strike ${times === 'all' ? 'until cleared' : `${times}×`}.`,
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
            {Object.entries(CHOICES).map(([name, { words }]) => (
              <option key={name} value={name}>
                {words}
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

/** A line for each kind of fault. */
function describeFaults(faults: readonly PendingFault[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fault of faults) {
    const name = nameFault(fault);
    counts.set(name, (counts.get(name) ?? 0) + (fault.times ?? Infinity));
  }
  return [...counts].map(
    ([name, count]) => `${name}, ${Number.isFinite(count) ? `${count}×` : 'until cleared'}`,
  );
}

function nameFault(fault: PendingFault): string {
  const known = Object.values(CHOICES).find(
    (choice) =>
      Reflect.get(choice.fault, 'kind') === fault.kind &&
      Reflect.get(choice.fault, 'status') === Reflect.get(fault, 'status'),
  );
  return known?.words ?? fault.kind;
}
