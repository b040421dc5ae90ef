export { createEmulator } from './createEmulator.ts';
export type {
  Deployment,
  Emulator,
  EmulatorClock,
  EmulatorOperation,
  EmulatorOptions,
  EmulatorRequest,
  Fault,
  JsonValue,
  Violation,
  ViolationRule,
} from './emulatorTypes.ts';
export { emulatorRequestHandler, type EmulatorRequestHandler } from './requestHandler.ts';
