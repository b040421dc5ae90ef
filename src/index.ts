'use client';

export {
  AppConfigClient,
  appConfigQuery,
  type AppConfigClientOptions,
  type AppConfigQueryOptions,
  type AppConfigResult,
  type FlagDetails,
  type FlagReason,
  type PollStatus,
  type Register,
} from './client/index.ts';
export type {
  AttributeValue,
  DisabledFlag,
  EnabledFlag,
  FeatureFlags,
  Flag,
  StandardSchema,
  UntypedFeatureFlags,
  UntypedFlag,
} from './configuration/index.ts';
export {
  AppConfigError,
  ContentError,
  InvalidAnswerError,
  InvalidArgumentError,
  MissingProviderError,
  RequestError,
  SchemaError,
  SessionDisposedError,
  TypeMismatchError,
  type AppConfigErrorCode,
  type AppConfigOperation,
  type SchemaIssue,
} from './errors/index.ts';
export {
  AppConfigProvider,
  Feature,
  useAppConfig,
  useAppConfigClient,
  useAppConfigStatus,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  useSuspenseAppConfig,
  type AppConfigProviderProps,
  type FeatureProps,
  type FlagHookOptions,
  type SuspenseAppConfigResult,
  type UseAppConfigOptions,
} from './react/index.ts';
export type { Clock, ConfigurationSource, LatestConfiguration } from './session/index.ts';
