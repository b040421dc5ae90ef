export { createAppConfigHandler, createAppConfigServer } from '../server/browser/index.ts';
