import type { Fault } from './fault.ts';
import { FAULT_PRESETS } from './faultKinds.ts';

/** A fault that has not happened yet, also as JSON writes it: `null` is "until cleared". */
type PendingFault = Omit<Fault, 'times'> & { readonly times?: number | null | undefined };

/** The preset that takes the whole service down while it strikes every request. */
export const OUTAGE = 'reset';

/** Whether every request fails until that is cleared. */
export function isOutage(faults: readonly PendingFault[]): boolean {
  return faults.some((fault) => fault.kind === OUTAGE && timesOf(fault) === Infinity);
}

/** A line for each kind of fault that is still to come, with how often. */
export function describeFaults(faults: readonly PendingFault[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const fault of faults) {
    const name = nameFault(fault);
    counts.set(name, (counts.get(name) ?? 0) + timesOf(fault));
  }
  return [...counts].map(
    ([name, count]) => `${name}, ${Number.isFinite(count) ? `${count}×` : 'until cleared'}`,
  );
}

function timesOf({ times = 1 }: PendingFault): number {
  return times ?? Infinity;
}

function nameFault(fault: PendingFault): string {
  const preset = [...FAULT_PRESETS.values()].find(
    ({ fault: { kind, ...rest } }) =>
      kind === fault.kind && Reflect.get(rest, 'status') === Reflect.get(fault, 'status'),
  );
  return preset?.label ?? fault.kind;
}
