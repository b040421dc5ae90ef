export { createNextAppConfigServer as createAppConfigServer } from '../server/next/index.ts';
export type { AppConfigServer, AppConfigServerOptions } from '../server/index.ts';
