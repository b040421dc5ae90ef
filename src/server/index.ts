export {
  createAppConfigHandler,
  type AppConfigHandler,
  type AppConfigHandlerOptions,
} from './createAppConfigHandler.ts';
export {
  createAppConfigServer,
  type AppConfigServer,
  type AppConfigServerOptions,
  type ServerReadOptions,
} from './createAppConfigServer.ts';
export type { CorsOptions } from './cors.ts';
export type { ExposedProfiles, Exposure } from './exposure.ts';
export type { AudienceOptions } from './handlerRequest.ts';
export type { ServerProfilesOptions } from './serverProfiles.ts';
export type { WaitUntil } from './waitUntil.ts';
