import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import type { ConfigurationSnapshot } from '../session/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import type { ProfileState } from './profileObserver.ts';
import { deriveStore, type Store } from './store.ts';

/** What a configuration is delivered with. */
export type Delivered = Omit<ConfigurationSnapshot<unknown>, 'value'>;

/** A configuration as components see it. */
export type ConfigurationResult<T> =
  | {
      readonly status: 'pending';
      /** The default, if there is one: nothing is known yet. */
      readonly data: T | undefined;
      readonly error: undefined;
    }
  | {
      readonly status: 'error';
      /** The default, if there is one: no good configuration came so far. */
      readonly data: T | undefined;
      readonly error: AppConfigError;
    }
  | {
      readonly status: 'success';
      /** The last good configuration. */
      readonly data: T;
      /** Why the newest poll failed or its content cannot be used, while `data` stays in use. */
      readonly error: AppConfigError | undefined;
    };

/** A configuration, and what it was delivered with: undefined while it is a default or comes from a cache. */
export type ViewResult<T> = ConfigurationResult<T> & { readonly delivered: Delivered | undefined };

/** What a {@link createConfigurationView} is made of. */
export interface ConfigurationViewOptions<T> {
  client: AppConfigClient;
  profile: string;
  /** Turns a document into what components see, or throws. Called once a version. */
  check: (document: unknown) => T;
  /** What components see before there is a good configuration. */
  fallback: T | undefined;
}

/** A profile's documents as one kind of reader sees them: checked once a version, the last good one kept. */
export function createConfigurationView<T>(
  options: ConfigurationViewOptions<T>,
): Store<ViewResult<T>> {
  return deriveStore(options.client.profile(options.profile), () => createSelect(options));
}

function createSelect<T>({
  client,
  profile,
  check,
  fallback,
}: ConfigurationViewOptions<T>): (state: ProfileState) => ViewResult<T> {
  let seen: ProfileState | undefined;
  let checked: unknown;
  let checkError: AppConfigError | undefined;
  let good: { readonly data: T; readonly delivered: Delivered | undefined } | undefined;
  let result: ViewResult<T>;

  return (state) => {
    if (state === seen) return result;
    seen = state;
    const { document, delivered } = state;
    if (document !== undefined && document !== checked) {
      checked = document;
      checkError = undefined;
      try {
        good = { data: check(document), delivered };
      } catch (thrown) {
        checkError = asAppConfigError(thrown, 'MalformedContent', 'The schema');
        checkError.profile ??= profile;
        client.report(checkError);
      }
    } else if (good && !checkError) {
      good = { ...good, delivered };
    }
    const error = state.error ?? checkError;
    const unknown = { data: fallback, delivered: undefined };
    if (good) return (result = { ...good, status: 'success', error });
    return (result = error
      ? { ...unknown, status: 'error', error }
      : { ...unknown, status: 'pending', error });
  };
}
