export { routeToAgent } from './agentApi.ts';
export { DataApi, errorAnswer } from './dataApi.ts';
export { readableName, type EmulatorOperation, type WireAnswer } from './emulatorCall.ts';
export { injectedError, ServiceError } from './serviceError.ts';
export {
  Sessions,
  type EmulatorSession,
  type ReportViolation,
  type ViolationRule,
} from './sessions.ts';
export { tokenName } from './tokens.ts';
