export { serveEmulator, type EmulatorServer, type ServeEmulatorOptions } from './serveEmulator.ts';
