export {
  serveEmulator,
  type EmulatorServer,
  type ServeEmulatorOptions,
} from '../emulator/node/index.ts';
