import type { PendingFault } from '../emulator/control/index.ts';
import { describeFaults, FAULT_PRESETS, isOutage, OUTAGE } from '../emulator/faults/index.ts';
import { FaultPanel } from '../panel/index.ts';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

/** Makes something go wrong with the next requests. */
export function Faults({ faults }: { faults: readonly PendingFault[] }) {
  const action = useAction();
  const inject = (name: string, times: number) => {
    const preset = FAULT_PRESETS.get(name);
    const isForever = times === Infinity;
    void action.run(
      'inject',
      { ...preset?.fault, times: isForever ? null : times },
      `${preset?.label}: will strike ${isForever ? 'until cleared' : `${times}×`}.`,
    );
  };
  return (
    <section className="card" aria-labelledby="faults">
      <h2 id="faults">Faults</h2>
      <FaultPanel
        presets={FAULT_PRESETS}
        pending={describeFaults(faults)}
        outage={OUTAGE}
        isDown={isOutage(faults)}
        isBusy={action.isRunning}
        onInject={inject}
        onClear={() => void action.run('clear-faults', {}, 'No fault is left.')}
      />
      <Outcome action={action} />
    </section>
  );
}
