import type { QueryClient } from '@tanstack/react-query';
import type { DecodeOptions } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { Clock, ConfigurationSource, EvaluationContext } from '../session/index.ts';
import type { FlagExposure } from './flagExposure.ts';
import type { FlagsChange } from './flagChanges.ts';
import type { OverrideStore } from './overrideStore.ts';
import type { FlagsProfileName, GivenDocument, ProfileName } from './register.ts';

/** What an app may want to hear of. */
export interface AppConfigListener {
  /** Called once for each failure, while the last good configuration stays in use. */
  onError?: ((error: AppConfigError) => void) | undefined;
  /**
   * Called once for each distinct value of a flag that a component on the page shows: after it was shown, never for
   * one that is hidden or only prepared, nor before the first poll is over. Hooks that read a flag count;
   * `useFlags` and `useAppConfig` read documents, and do not.
   */
  onExposure?: ((exposure: FlagExposure) => void) | undefined;
  /** Called with what a new version changed, for each flag profile that components read. */
  onChange?: ((change: FlagsChange) => void) | undefined;
}

/** A listener, and whether it only observes: tools must not change what the app receives. */
export interface ClientListener extends AppConfigListener {
  readonly isTool?: boolean;
}

/** What an {@link AppConfigClient}, and so an `<AppConfigProvider>`, is made of. */
export interface AppConfigClientOptions
  extends DecodeOptions, EvaluationContext, AppConfigListener {
  /** The application's id or name in AWS AppConfig, 1 to 128 characters. */
  application: string;
  /** The environment's id or name in AWS AppConfig, 1 to 128 characters. */
  environment: string;
  /** Where configurations come from. Make it once, outside of components. */
  source: ConfigurationSource;
  /** The feature-flag profile that flag hooks read when they name none. */
  flags?: FlagsProfileName | undefined;
  /** What components see of a profile before its first configuration arrives. Read once. */
  defaults?: { readonly [Profile in ProfileName]?: GivenDocument<Profile> } | undefined;
  /**
   * Where configurations are kept.
   * @default the nearest QueryClientProvider's client, or one of its own
   */
  queryClient?: QueryClient | undefined;
  /**
   * The least number of seconds between two polls, 15 to 86,400. The answered interval outranks it.
   * @default the service's own, 60 at the time of writing
   */
  requiredMinimumPollIntervalInSeconds?: number | undefined;
  /**
   * Milliseconds after which an unanswered request counts as failed.
   * @default 30000
   */
  requestTimeoutMs?: number | undefined;
  /**
   * Overrides of what the service says: `browserOverrides()` of `react-appconfig/overrides`.
   * @default nothing
   */
  overrides?: OverrideStore | undefined;
  /** Whether `onExposure` is also called for overridden flags. @default false */
  exposesOverrides?: boolean | undefined;
  /** Where time comes from. @default the machine's */
  clock?: Clock | undefined;
  /** Numbers from 0 to 1 for the jitter. @default Math.random */
  random?: (() => number) | undefined;
}
