export { MAX_CONTROL_BODY_BYTES, answerControl } from './controlApi.ts';
export type { ControlState, PendingFault } from './controlState.ts';
