export type { ConfigurationSource, EvaluationContext } from '../session/index.ts';
export {
  createAppConfigHandler,
  createAppConfigServer,
  type AppConfigHandler,
  type AppConfigHandlerOptions,
  type AppConfigServer,
  type AppConfigServerOptions,
  type AudienceOptions,
  type CorsOptions,
  type ExposedProfiles,
  type Exposure,
  type ServerProfilesOptions,
  type ServerReader,
  type ServerReadOptions,
  type WaitUntil,
} from '../server/index.ts';
