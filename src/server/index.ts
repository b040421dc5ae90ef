export {
  createAppConfigHandler,
  type AppConfigHandler,
  type AppConfigHandlerOptions,
} from './createAppConfigHandler.ts';
export type {
  AppConfigServer,
  AppConfigServerOptions,
  PrefetchOptions,
  ServerReader,
  ServerReadOptions,
} from './appConfigServerTypes.ts';
export { createAppConfigServer } from './createAppConfigServer.ts';
export type { CorsOptions } from './cors.ts';
export type { AllowedProfiles, Allowance } from './allowed.ts';
export type { HandlerContextOptions } from './handlerRequest.ts';
export type { ServerProfilesOptions } from './serverProfiles.ts';
export type { WaitUntil } from './waitUntil.ts';
