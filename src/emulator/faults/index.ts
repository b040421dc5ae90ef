export { describeFaults, isOutage, OUTAGE } from './describeFaults.ts';
export type { Fault } from './fault.ts';
export { FAULT_PRESETS } from './faultKinds.ts';
export { Faults, readFault } from './faults.ts';
