import {
  describeFaults,
  FAULT_PRESETS,
  isOutage,
  OUTAGE,
} from '../../src/emulator/faults/index.ts';
import { FaultPanel } from '../../src/panel/index.ts';
import { useDemo } from './demoContext.ts';

/** Makes the next answers of the emulator go wrong. */
export function FaultConsole() {
  const { emulator } = useDemo();
  const inject = (name: string, times: number) => {
    const preset = FAULT_PRESETS.get(name);
    if (preset) emulator.inject({ ...preset.fault, times });
  };
  return (
    <div className="console-part">
      <p className="console-title">Next faults</p>
      <FaultPanel
        presets={FAULT_PRESETS}
        pending={describeFaults(emulator.faults)}
        outage={OUTAGE}
        isDown={isOutage(emulator.faults)}
        onInject={inject}
        onClear={() => emulator.clearFaults()}
      />
    </div>
  );
}
