export { createNextAppConfigServer } from './createNextAppConfigServer.ts';
