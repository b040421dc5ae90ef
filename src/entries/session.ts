export {
  ConfigurationSession,
  systemClock,
  type Clock,
  type ConfigurationContent,
  type ConfigurationIdentifiers,
  type ConfigurationSessionOptions,
  type ConfigurationSnapshot,
} from '../session/index.ts';
