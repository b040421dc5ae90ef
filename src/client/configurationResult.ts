import { isSameStructure, type StandardSchema } from '../configuration/index.ts';
import { asAppConfigError, type AppConfigError } from '../errors/index.ts';
import type { ReadableProfile } from './appConfigProfile.ts';
import { documentOf, type DocumentState } from './documents.ts';
import { deriveSelection } from './selection.ts';
import type { Store } from './store.ts';

/** A configuration as components see it. */
export type ConfigurationResult<T> =
  | {
      readonly status: 'pending';
      /** The default, if there is one: nothing is known yet. */
      readonly data: T | undefined;
      readonly error: undefined;
      /** True until the first poll is over: `data` is the default, or undefined. */
      readonly isPending: true;
      readonly isError: false;
    }
  | {
      readonly status: 'error';
      /** The default, if there is one: no good configuration came so far. */
      readonly data: T | undefined;
      readonly error: AppConfigError;
      readonly isPending: false;
      /** True while there is an error and no configuration. A failed poll does not take `data` away. */
      readonly isError: true;
    }
  | {
      readonly status: 'success';
      /** The last good configuration. */
      readonly data: T;
      /** Why the newest poll failed or its content cannot be used, while `data` stays in use. */
      readonly error: AppConfigError | undefined;
      readonly isPending: false;
      readonly isError: false;
    };

/** What `useAppConfig` returns: a configuration, and what a component may want to know about it. */
export type AppConfigResult<Data> = ConfigurationResult<Data> & {
  /** True while `data` is an old configuration of a cache, or the newest poll failed. */
  readonly isStale: boolean;
  /** The label of the version that `data` comes from, if it has one. */
  readonly versionLabel: string | undefined;
  /** The media type that `data` was delivered as. */
  readonly contentType: string | undefined;
  /**
   * Polls if a poll is due, and resolves when it is over, well or not. After a failure it does not wait
   * for the back-off, at most once in 5 seconds.
   */
  readonly refetch: () => Promise<void>;
};

/** How a component reads a profile. */
export interface ResultOptions {
  readonly schema: StandardSchema | undefined;
  readonly select: (document: unknown) => unknown;
  /** What the component shows; it is kept while what is selected now is equal to it. */
  readonly shown: { readonly get: () => AppConfigResult<unknown> | undefined };
}

/** A profile for a component, which sees only what it selects. */
export function createResult(
  profile: ReadableProfile,
  { schema, select, shown }: ResultOptions,
): Store<AppConfigResult<unknown>> {
  let selected: { readonly from: unknown; readonly data: unknown } | undefined;

  function selectOnce(from: unknown, last: unknown): unknown {
    if (!selected || !Object.is(selected.from, from)) {
      const data = select(from);
      const isEqual = last !== undefined && isSameStructure(last, data);
      selected = { from, data: isEqual ? last : data };
    }
    return selected.data;
  }

  function toResult(
    { good, error, isStale }: DocumentState<unknown>,
    last: unknown,
  ): ConfigurationResult<unknown> & { readonly isStale: boolean } {
    const document = good ? good.document : profile.fallback;
    try {
      if (good) {
        const data = selectOnce(good.document, last);
        return { status: 'success', data, error, isPending: false, isError: false, isStale };
      }
      const data = document === undefined ? undefined : selectOnce(document, last);
      return error
        ? { status: 'error', data, error, isPending: false, isError: true, isStale: false }
        : { status: 'pending', data, error, isPending: true, isError: false, isStale: false };
    } catch (thrown) {
      return {
        status: 'error',
        data: last,
        error: asAppConfigError(thrown, 'InvalidArgument', 'The select function'),
        isPending: false,
        isError: true,
        isStale: false,
      };
    }
  }

  return deriveSelection<DocumentState<unknown>, AppConfigResult<unknown>>(
    documentOf(profile, schema),
    (state, last = shown.get()) => {
      const result = toResult(state, last?.data);
      const { versionLabel, contentType } = state.good?.snapshot ?? {};
      const { refetch } = profile;
      const isSame =
        last !== undefined &&
        Object.is(last.data, result.data) &&
        last.status === result.status &&
        last.error === result.error &&
        last.isStale === result.isStale &&
        last.versionLabel === versionLabel &&
        last.contentType === contentType &&
        last.refetch === refetch;
      return isSame ? last : { ...result, versionLabel, contentType, refetch };
    },
  );
}
