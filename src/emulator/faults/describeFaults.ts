import type { Fault } from './fault.ts';
import { FAULT_PRESETS } from './faultKinds.ts';

/** A fault that has not happened yet, also as JSON writes it: `null` is "until cleared". */
type PendingFault = Omit<Fault, 'times'> & { readonly times?: number | null | undefined };

/** A line for each kind of fault that is still to come, with how often. */
export function describeFaults(faults: readonly PendingFault[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fault of faults) {
    const name = nameFault(fault);
    const times = fault.times === undefined ? 1 : (fault.times ?? Infinity);
    counts.set(name, (counts.get(name) ?? 0) + times);
  }
  return [...counts].map(
    ([name, count]) => `${name}, ${Number.isFinite(count) ? `${count}×` : 'until cleared'}`,
  );
}

function nameFault(fault: PendingFault): string {
  const preset = [...FAULT_PRESETS.values()].find(
    ({ fault: { kind, ...rest } }) =>
      kind === fault.kind && Reflect.get(rest, 'status') === Reflect.get(fault, 'status'),
  );
  return preset?.label ?? fault.kind;
}
