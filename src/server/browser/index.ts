export { createAppConfigHandler, createAppConfigServer } from './forServers.ts';
